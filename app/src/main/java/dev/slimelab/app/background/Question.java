package dev.slimelab.app.background;

import dev.slimelab.app.background.Inquiry.Answer;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// One question to another process at a time: asked again, the former one is given up. Holds up no
/// worker while it waits. For the window's thread alone.
public final class Question {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Background background;
    private @Nullable Inquiry inquiry;
    private Background.@Nullable Job looking;
    private String doing = "";
    private int asked;

    public Question(Background background) {
        this.background = background;
    }

    /// Asks, in place of what was asked before.
    ///
    /// @param what words for [Background#activity]; empty where nobody waits for the answer
    /// @param start begins the process; may touch the disk
    /// @param read makes something of what the process said; may take its time
    public <T> void ask(
            String what,
            Supplier<Inquiry> start,
            Function<Answer, T> read,
            Consumer<T> done,
            Consumer<Problem> failed) {
        cancel();
        int mine = asked;
        doing = what;
        background.begin(doing);
        background.run(
                "",
                start,
                started -> {
                    if (mine == asked) {
                        inquiry = started;
                        looking =
                                background.every(
                                        BETWEEN_LOOKS,
                                        () -> {
                                            Answer answer = started.answer();
                                            return answer == null ? null : read.apply(answer);
                                        },
                                        answer -> finish(() -> done.accept(answer)),
                                        problem -> finish(() -> failed.accept(problem)));
                    } else {
                        forget(started);
                    }
                },
                problem -> {
                    if (mine == asked) {
                        finish(() -> failed.accept(problem));
                    }
                });
    }

    private void finish(Runnable then) {
        cancel();
        then.run();
    }

    /// Gives up what was asked, if anything.
    public void cancel() {
        asked++;
        background.end(doing);
        doing = "";
        if (looking != null) {
            looking.cancel();
            looking = null;
        }
        if (inquiry != null) {
            forget(inquiry);
            inquiry = null;
        }
    }

    private void forget(Inquiry given) {
        background.run("", () -> closed(given), _ -> {}, _ -> {});
    }

    private static boolean closed(Inquiry given) {
        given.close();
        return true;
    }
}
