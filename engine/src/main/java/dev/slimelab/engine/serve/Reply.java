package dev.slimelab.engine.serve;

import dev.slimelab.engine.generate.Piece;
import dev.slimelab.engine.generate.Piece.TextToken;
import dev.slimelab.engine.generate.ScoredToken;
import dev.slimelab.engine.generate.TextListener;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/// The objects that answer one request, whole or in pieces; the two endpoints differ in the shape
/// of a choice only.
final class Reply {
    /// Stands for minus infinity, which JSON cannot say.
    private static final double LEAST_LOGPROB = -9999;

    private static final char REPLACEMENT = '\uFFFD';

    /// Which endpoint answers.
    enum Shape {
        COMPLETION("cmpl-", "text_completion", "text_completion"),
        CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk");

        private final String idPrefix;
        private final String whole;
        private final String chunk;

        Shape(String idPrefix, String whole, String chunk) {
            this.idPrefix = idPrefix;
            this.whole = whole;
            this.chunk = chunk;
        }
    }

    private final Shape shape;
    private final Request request;
    private final String id;
    private final long created = System.currentTimeMillis() / 1000;
    private final Set<Integer> told = new HashSet<>();

    Reply(Shape shape, Request request) {
        this.shape = shape;
        this.request = request;
        this.id = shape.idPrefix + UUID.randomUUID().toString().replace("-", "");
    }

    /// A continuation that is whole.
    record Continuation(Piece text, TextListener.End end) {}

    ObjectNode whole(List<Continuation> continuations, int completionTokens) {
        ObjectNode reply = head(shape.whole);
        ArrayNode choices = reply.putArray("choices");
        for (int i = 0; i < continuations.size(); i++) {
            Continuation continuation = continuations.get(i);
            ObjectNode choice = choice(i, continuation.text, continuation.end, "message");
            choices.add(choice);
            tellPrompt(reply, choice, i);
        }
        reply.set("usage", usage(completionTokens));
        return reply;
    }

    /// What a stream of chat begins with, for each choice; completions begin with text.
    List<ObjectNode> opening() {
        if (shape == Shape.COMPLETION) {
            return List.of();
        }
        return IntStream.range(0, request.prompts().size())
                .mapToObj(
                        index ->
                                chunk(
                                        index,
                                        choice(index, new Piece("", List.of()), null, "delta")))
                .toList();
    }

    ObjectNode chunk(int index, Piece piece) {
        ObjectNode choice = choice(index, piece, null, "delta");
        if (shape == Shape.CHAT) {
            choice.withObject("delta").remove("role");
        }
        return chunk(index, choice);
    }

    ObjectNode lastChunk(int index, TextListener.End end) {
        ObjectNode choice = choice(index, new Piece("", List.of()), end, "delta");
        if (shape == Shape.CHAT) {
            choice.putObject("delta");
        }
        return chunk(index, choice);
    }

    ObjectNode usageChunk(int completionTokens) {
        ObjectNode chunk = head(shape.chunk);
        chunk.putArray("choices");
        chunk.set("usage", usage(completionTokens));
        return chunk;
    }

    private ObjectNode chunk(int index, ObjectNode choice) {
        ObjectNode chunk = head(shape.chunk);
        chunk.putArray("choices").add(choice);
        tellPrompt(chunk, choice, index);
        return chunk;
    }

    /// Puts a prompt's ids where vLLM has them: once, for a chat beside its choices.
    private void tellPrompt(ObjectNode reply, ObjectNode choice, int index) {
        if (request.ids() && told.add(index)) {
            ObjectNode where = shape == Shape.CHAT ? reply : choice;
            ArrayNode ids = where.putArray("prompt_token_ids");
            Arrays.stream(request.prompts().get(index)).forEach(ids::add);
        }
    }

    private ObjectNode head(String object) {
        ObjectNode head = JsonMapper.shared().createObjectNode();
        head.put("id", id);
        head.put("object", object);
        head.put("created", created);
        head.put("model", request.modelName());
        return head;
    }

    /// @param chatKey of what a chat model says: `message` in a whole reply, `delta` in a piece
    private ObjectNode choice(
            int index, Piece piece, TextListener.@Nullable End end, String chatKey) {
        ObjectNode choice = JsonMapper.shared().createObjectNode();
        choice.put("index", index);
        switch (shape) {
            case COMPLETION -> choice.put("text", piece.text());
            case CHAT ->
                    choice.putObject(chatKey).put("role", "assistant").put("content", piece.text());
        }
        if (request.logprobs() && !piece.tokens().isEmpty()) {
            choice.set(
                    "logprobs",
                    switch (shape) {
                        case COMPLETION -> completionLogprobs(piece);
                        case CHAT -> chatLogprobs(piece);
                    });
        } else {
            choice.putNull("logprobs");
        }
        if (request.ids()) {
            ArrayNode ids = choice.putArray("token_ids");
            piece.tokens().forEach(each -> ids.add(each.token().id()));
        }
        choice.put("finish_reason", end == null ? null : end.name().toLowerCase(Locale.ROOT));
        return choice;
    }

    private ObjectNode completionLogprobs(Piece piece) {
        ObjectNode logprobs = JsonMapper.shared().createObjectNode();
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode values = logprobs.putArray("token_logprobs");
        boolean named = request.sampling().detail().likeliest() > 0;
        ArrayNode likeliest = named ? logprobs.putArray("top_logprobs") : null;
        if (likeliest == null) {
            logprobs.putNull("top_logprobs");
        }
        ArrayNode offsets = logprobs.putArray("text_offset");
        for (TextToken each : piece.tokens()) {
            ScoredToken token = each.token();
            tokens.add(request.model().text(token.id()));
            offsets.add(each.offset());
            if (Double.isNaN(token.logp())) {
                values.addNull();
            } else {
                values.add(number(token.logp()));
            }
            if (likeliest != null) {
                if (Double.isNaN(token.logp())) {
                    likeliest.addNull();
                } else {
                    likeliest.add(byText(token));
                }
            }
        }
        return logprobs;
    }

    /// The likeliest tokens and the token itself. Of several with one text, such as parts of
    /// characters, the likeliest is named.
    private ObjectNode byText(ScoredToken token) {
        ObjectNode map = JsonMapper.shared().createObjectNode();
        for (ScoredToken.Likely likely : token.likeliest()) {
            String text = request.model().text(likely.id());
            if (!map.has(text)) {
                map.put(text, number(likely.logp()));
            }
        }
        String own = request.model().text(token.id());
        if (!map.has(own)) {
            map.put(own, number(token.logp()));
        }
        return map;
    }

    private ObjectNode chatLogprobs(Piece piece) {
        ObjectNode logprobs = JsonMapper.shared().createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        for (TextToken each : piece.tokens()) {
            ScoredToken token = each.token();
            ObjectNode entry = entry(token.id(), token.logp());
            ArrayNode likeliest = entry.putArray("top_logprobs");
            token.likeliest().forEach(l -> likeliest.add(entry(l.id(), l.logp())));
            content.add(entry);
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private ObjectNode entry(int id, double logp) {
        String text = request.model().text(id);
        ObjectNode entry = JsonMapper.shared().createObjectNode();
        entry.put("token", text);
        entry.put("logprob", number(logp));
        if (text.indexOf(REPLACEMENT) >= 0) {
            entry.putNull("bytes");
        } else {
            ArrayNode bytes = entry.putArray("bytes");
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(each & 0xFF);
            }
        }
        return entry;
    }

    private ObjectNode usage(int completionTokens) {
        int promptTokens = 0;
        for (int i = 0; i < request.prompts().size(); i += request.repeats()) {
            promptTokens += request.prompts().get(i).length;
        }
        ObjectNode usage = JsonMapper.shared().createObjectNode();
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        return usage;
    }

    private static double number(double logp) {
        return Math.max(logp, LEAST_LOGPROB);
    }
}
