package dev.slimelab.app.playground;

import dev.slimelab.app.playground.SamplingFields.Sampling;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// One prompt that was put to all columns.
///
/// @param isChat whether the prompt is what a user says, for the chat template; else it is the text
///   that is continued
record Round(String prompt, boolean isChat, Sampling sampling, List<Playable> players) {
    /// How many of the likeliest tokens are named beside each.
    static final int LIKELIEST = 5;

    Round {
        players = List.copyOf(players);
    }

    /// Where the question goes.
    String path() {
        return isChat ? "/chat/completions" : "/completions";
    }

    /// The question to a model.
    ///
    /// @param model as the server calls it
    ObjectNode question(String model) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", model);
        if (isChat) {
            body.putArray("messages").addObject().put("role", "user").put("content", prompt);
            body.put("logprobs", true);
            body.put("top_logprobs", LIKELIEST);
        } else {
            body.put("prompt", prompt);
            body.put("logprobs", LIKELIEST);
        }
        sampling.writeTo(body);
        body.put("return_token_ids", true);
        body.put("stream", true);
        return body;
    }

    /// The question how likely a model finds an answer that another has written.
    static ObjectNode scoring(String model, Answer written) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", model);
        var ids = body.putArray("prompt");
        written.prompt().forEach(ids::add);
        written.tokens().forEach(token -> ids.add(token.id()));
        body.put("echo", true);
        body.put("max_tokens", 0);
        body.put("logprobs", LIKELIEST);
        body.put("return_token_ids", true);
        return body;
    }

    /// The pairs that say that one answer is better than all others; texts that are equal or empty
    /// make none.
    ///
    /// @param answers of the players, in their order
    /// @return rows of a file of preferences: what `slimelab data` calls the format explicit, with
    ///   where they are from in columns of their own
    List<Map<String, Object>> pairs(List<Answer> answers, int best, String by, Instant time) {
        return IntStream.range(0, answers.size())
                .filter(other -> isPair(answers.get(best), answers.get(other)))
                .mapToObj(other -> pair(answers, best, other, by, time))
                .toList();
    }

    /// Whether one of two answers can be preferred.
    static boolean isPair(Answer better, Answer worse) {
        return better.phase().isWhole()
                && worse.phase().isWhole()
                && !better.text().isBlank()
                && !worse.text().isBlank()
                && !better.text().equals(worse.text());
    }

    private Map<String, Object> pair(
            List<Answer> answers, int better, int worse, String by, Instant time) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompt", isChat ? List.of(message("user", prompt)) : prompt);
        row.put("chosen", side(answers.get(better)));
        row.put("rejected", side(answers.get(worse)));
        row.put("chosen_model", players.get(better).name());
        row.put("rejected_model", players.get(worse).name());
        row.put("chosen_finish", finish(answers.get(better)));
        row.put("rejected_finish", finish(answers.get(worse)));
        row.put("temperature", sampling.temperature());
        row.put("top_p", sampling.topP());
        row.put("top_k", sampling.topK());
        row.put("max_tokens", sampling.maxTokens());
        row.put("seed", sampling.seed());
        row.put("by", by);
        row.put("time", time.toString());
        return row;
    }

    /// A conversation gets its template when it is trained on; a text is trained on as it is.
    private Object side(Answer answer) {
        return isChat ? List.of(message("assistant", answer.text())) : answer.text();
    }

    private static Map<String, Object> message(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    private static String finish(Answer answer) {
        return answer.phase() == Answer.Phase.ENDED ? "stop" : "length";
    }
}
