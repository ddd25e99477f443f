package dev.slimelab.app.playground;

import dev.slimelab.app.playground.Answer.Phase;
import dev.slimelab.app.playground.PlayedToken.Likely;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes an answer of a reply, streamed or whole, of completions or of chat. Not thread-safe.
final class ReplyReader {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATA = "data: ";

    private final Reply reply;
    private final List<Integer> prompt = new ArrayList<>();
    private final List<PlayedToken> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Phase phase = Phase.WAITING;
    private @Nullable Problem problem;
    private long first;
    private long last;
    private int ofTheFirst;

    ReplyReader(Reply reply) {
        this.reply = reply;
    }

    /// What has arrived so far; does not wait.
    Answer read() {
        boolean over = reply.isOver(); // before the lines, so that these are all
        for (Reply.Line line : reply.take()) {
            read(line);
        }
        if (over && phase.isUnderWay()) {
            Throwable failure = reply.failure();
            fail(
                    Problem.failed(
                            failure == null
                                    ? "The answer ended before its end."
                                    : "The server of the models broke off.",
                            "Generate again starts another server."));
        }
        return new Answer(phase, prompt, tokens, text.toString(), tokensPerSecond(), problem);
    }

    private void read(Reply.Line line) {
        String sent = line.text().strip();
        String json = sent.startsWith(DATA) ? sent.substring(DATA.length()) : sent;
        if (!json.startsWith("{")) {
            return; // a heartbeat, an empty line, or the end
        }
        try {
            read(JSON.readTree(json), line.nanos());
        } catch (JacksonException e) {
            fail(
                    Problem.failed(
                            "The server of the models said what is no JSON: "
                                    + e.getOriginalMessage()
                                    + ".",
                            "Generate again."));
        }
    }

    private void read(JsonNode object, long nanos) {
        JsonNode error = object.path("error").path("message");
        if (error.isString()) {
            fail(Problem.badRequest(error.stringValue(), ""));
            return;
        }
        JsonNode choice = object.path("choices").path(0);
        object.path("prompt_token_ids").forEach(id -> prompt.add(id.asInt()));
        choice.path("prompt_token_ids").forEach(id -> prompt.add(id.asInt()));
        text.append(choice.path("text").asString(""));
        text.append(choice.path("delta").path("content").asString(""));
        int before = tokens.size();
        readTokens(choice);
        if (tokens.size() > before) {
            phase = Phase.WRITING;
            last = nanos;
            if (before == 0) {
                first = nanos;
                ofTheFirst = tokens.size();
            }
        }
        switch (choice.path("finish_reason").asString("")) {
            case "stop" -> phase = Phase.ENDED;
            case "length" -> phase = Phase.CUT;
            default -> {} // more to come
        }
    }

    private void readTokens(JsonNode choice) {
        JsonNode ids = choice.path("token_ids");
        JsonNode logprobs = choice.path("logprobs");
        for (int i = 0; i < ids.size(); i++) {
            JsonNode content = logprobs.path("content").path(i);
            boolean chat = content.isObject();
            JsonNode token = chat ? content.path("token") : logprobs.path("tokens").path(i);
            JsonNode logp =
                    chat ? content.path("logprob") : logprobs.path("token_logprobs").path(i);
            List<Likely> likeliest = new ArrayList<>();
            content.path("top_logprobs")
                    .forEach(
                            each ->
                                    likeliest.add(
                                            new Likely(
                                                    each.path("token").asString(""),
                                                    each.path("logprob").asDouble())));
            logprobs.path("top_logprobs")
                    .path(i)
                    .properties()
                    .forEach(
                            each ->
                                    likeliest.add(
                                            new Likely(each.getKey(), each.getValue().asDouble())));
            likeliest.sort(Comparator.comparingDouble(Likely::logp).reversed());
            tokens.add(
                    new PlayedToken(
                            ids.path(i).asInt(),
                            token.asString(""),
                            logp.asDouble(Double.NaN), // nothing predicts a first token
                            likeliest));
        }
    }

    private double tokensPerSecond() {
        return last > first ? (tokens.size() - ofTheFirst) * 1e9 / (last - first) : Double.NaN;
    }

    private void fail(Problem why) {
        phase = Phase.FAILED;
        problem = why;
    }
}
