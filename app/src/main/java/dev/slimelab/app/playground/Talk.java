package dev.slimelab.app.playground;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.playground.Answer.Phase;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/// Questions to several models that are answered side by side, piece by piece. Asked again, the
/// former ones are given up. For the window's thread alone.
final class Talk {
    /// A question.
    ///
    /// @param body of the request, given what the server calls the model
    record Question(Playable model, String path, Function<String, ObjectNode> body) {}

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Background background;
    private final PlayServer server;
    private final ModelClient client;
    private List<Reply> replies = List.of();
    private Background.@Nullable Job looking;
    private boolean underWay;
    private int asked;

    Talk(Background background, PlayServer server, ModelClient client) {
        this.background = background;
        this.server = server;
        this.client = client;
    }

    /// Asks.
    ///
    /// @param models that the server is to have, at least those asked
    /// @param show is given what has arrived, in the order of the questions, again and again until
    ///   no answer is under way
    /// @param failed told where there is no server
    void ask(
            Collection<Playable> models,
            List<Question> questions,
            Consumer<List<Answer>> show,
            Consumer<Problem> failed) {
        cancel();
        underWay = true;
        int mine = asked;
        server.with(
                models,
                address -> {
                    if (mine == asked) {
                        background.run(
                                "",
                                () -> questions.stream().map(each -> post(address, each)).toList(),
                                posted -> look(mine, posted, show),
                                failed);
                    }
                },
                problem -> {
                    if (mine == asked) {
                        underWay = false;
                        failed.accept(problem);
                    }
                });
    }

    private Reply post(ModelClient.Address address, Question question) {
        String name = Objects.requireNonNull(address.names().get(question.model()));
        return client.post(address, question.path(), question.body().apply(name));
    }

    private void look(int mine, List<Reply> posted, Consumer<List<Answer>> show) {
        if (mine != asked) {
            posted.forEach(Reply::cancel);
            return;
        }
        replies = posted;
        List<ReplyReader> readers = posted.stream().map(ReplyReader::new).toList();
        looking =
                background.every(
                        BETWEEN_LOOKS,
                        () -> readers.stream().map(ReplyReader::read).toList(),
                        answers -> {
                            server.use();
                            if (answers.stream().map(Answer::phase).noneMatch(Phase::isUnderWay)) {
                                replies = List.of();
                                cancel();
                            }
                            show.accept(answers);
                        },
                        problem -> {
                            throw problem; // reading what has arrived throws none
                        });
    }

    boolean isUnderWay() {
        return underWay;
    }

    /// Gives up what was asked, if anything: the server stops its work.
    void cancel() {
        asked++;
        underWay = false;
        if (looking != null) {
            looking.cancel();
            looking = null;
        }
        replies.forEach(Reply::cancel);
        replies = List.of();
    }
}
