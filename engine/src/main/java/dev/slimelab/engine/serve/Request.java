package dev.slimelab.engine.serve;

import dev.slimelab.engine.data.Message;
import dev.slimelab.engine.generate.Sampling;
import dev.slimelab.engine.generate.Sampling.Choice;
import dev.slimelab.engine.generate.Sampling.Detail;
import dev.slimelab.engine.generate.Sampling.Prompts;
import dev.slimelab.engine.generate.TextModel;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What a client asks to be written, understood and checked.
///
/// @param prompts token ids, each as often as continuations of it are wanted
/// @param repeats how often each prompt stands in the list
/// @param echo texts begin with their prompts
/// @param logprobs tokens are told with their log-probabilities
/// @param ids prompts and tokens are told as token ids too
/// @param usage a stream ends with the count of tokens
record Request(
        String modelName,
        TextModel model,
        List<int[]> prompts,
        int repeats,
        Sampling sampling,
        List<String> stops,
        boolean stream,
        boolean usage,
        boolean echo,
        boolean logprobs,
        boolean ids) {
    private static final int MOST_CONTINUATIONS = 128;
    private static final int MOST_STOPS = 16;
    private static final int MOST_LIKELIEST = 20;
    private static final int USUAL_TOKENS = 16;

    /// Seeds of requests that name none.
    private static final RandomGenerator SEEDS = RandomGenerator.getDefault();

    /// The body of `/v1/completions`.
    static Request completion(JsonNode body, Map<String, TextModel> models) {
        Fields fields = new Fields(body);
        TextModel model = model(fields, models);
        JsonNode prompt = fields.find("prompt");
        if (prompt == null) {
            throw Fields.wrong("prompt", null, "a string, token ids, or a list of these");
        }
        boolean logprobs = fields.find("logprobs") != null;
        int likeliest = fields.whole("logprobs", 0, 0, MOST_LIKELIEST);
        boolean echo = fields.flag("echo");
        int maxTokens = fields.whole("max_tokens", USUAL_TOKENS, 0, Integer.MAX_VALUE);
        fields.neutral("suffix", value -> value.isString() && value.stringValue().isEmpty());
        int n = fields.whole("n", 1, 1, MOST_CONTINUATIONS);
        fields.neutral("best_of", value -> value.isInt() && value.intValue() == n);
        var detail = new Detail(likeliest, echo ? Prompts.SCORED : Prompts.READ);
        return finish(fields, model, prompts(prompt, model), n, maxTokens, detail, echo, logprobs);
    }

    /// The body of `/v1/chat/completions`.
    static Request chat(JsonNode body, Map<String, TextModel> models) {
        Fields fields = new Fields(body);
        TextModel model = model(fields, models);
        int[] prompt = model.tokens(messages(fields.find("messages")));
        int room = Math.max(1, model.positions() - prompt.length);
        int maxTokens = fields.whole("max_tokens", room, 1, Integer.MAX_VALUE);
        maxTokens = fields.whole("max_completion_tokens", maxTokens, 1, Integer.MAX_VALUE);
        boolean logprobs = fields.flag("logprobs");
        int likeliest = fields.whole("top_logprobs", 0, 0, MOST_LIKELIEST);
        if (likeliest > 0 && !logprobs) {
            throw ApiException.badRequest(
                    "top_logprobs", "top_logprobs needs logprobs. Set logprobs to true.");
        }
        fields.neutral("tools", JsonNode::isEmpty);
        fields.neutral("functions", JsonNode::isEmpty);
        fields.neutral("tool_choice", value -> value.asString("").equals("none"));
        fields.neutral("response_format", value -> value.path("type").asString("").equals("text"));
        int n = fields.whole("n", 1, 1, MOST_CONTINUATIONS);
        var detail = new Detail(likeliest, Prompts.READ);
        return finish(fields, model, List.of(prompt), n, maxTokens, detail, false, logprobs);
    }

    private static Request finish(
            Fields fields,
            TextModel model,
            List<int[]> prompts,
            int n,
            int maxTokens,
            Detail detail,
            boolean echo,
            boolean logprobs) {
        if ((long) prompts.size() * n > MOST_CONTINUATIONS) {
            throw ApiException.badRequest(
                    "prompt",
                    "%d continuations are asked for, and %d are the most. Ask for them in several requests."
                            .formatted((long) prompts.size() * n, MOST_CONTINUATIONS));
        }
        var choice =
                new Choice(
                        fields.number("temperature", 1, 0, 2),
                        fields.whole("top_k", 0, 0, Integer.MAX_VALUE),
                        fields.number("top_p", 1, Double.MIN_VALUE, 1),
                        fields.whole("seed", SEEDS.nextLong(), Long.MIN_VALUE, Long.MAX_VALUE));
        List<String> stops = stops(fields.find("stop"));
        boolean stream = fields.flag("stream");
        boolean ids = fields.flag("return_token_ids");
        JsonNode streaming = fields.find("stream_options");
        boolean usage = streaming != null && streaming.path("include_usage").asBoolean(false);
        fields.neutral("frequency_penalty", value -> value.asDouble(1) == 0);
        fields.neutral("presence_penalty", value -> value.asDouble(1) == 0);
        fields.neutral("logit_bias", JsonNode::isEmpty);
        fields.ignore("user", "metadata", "store", "service_tier", "safety_identifier");
        fields.refuseOthers();
        List<int[]> repeated = new ArrayList<>();
        for (int[] prompt : prompts) {
            if ((long) prompt.length + maxTokens > model.positions()) {
                throw ApiException.tooLong(
                        "The model has %d positions, but %d are asked for: %d of the prompt and %d of max_tokens. Shorten one of them."
                                .formatted(
                                        model.positions(),
                                        (long) prompt.length + maxTokens,
                                        prompt.length,
                                        maxTokens));
            }
            repeated.addAll(Collections.nCopies(n, prompt));
        }
        return new Request(
                fields.text("model"),
                model,
                repeated,
                n,
                new Sampling(maxTokens, Set.of(), choice, detail),
                stops,
                stream,
                usage,
                echo,
                logprobs,
                ids);
    }

    private static TextModel model(Fields fields, Map<String, TextModel> models) {
        String name = fields.text("model");
        TextModel model = models.get(name);
        if (model == null) {
            throw ApiException.unknownModel(
                    "There is no model %s. Served are %s."
                            .formatted(name, String.join(", ", models.keySet())));
        }
        return model;
    }

    /// One text, one list of ids, or a list of these.
    private static List<int[]> prompts(JsonNode prompt, TextModel model) {
        boolean many = prompt.isArray() && !prompt.isEmpty() && !prompt.get(0).isNumber();
        return many
                ? prompt.valueStream().map(each -> tokens(each, model)).toList()
                : List.of(tokens(prompt, model));
    }

    private static int[] tokens(JsonNode prompt, TextModel model) {
        if (prompt.isString()) {
            return model.tokens(prompt.stringValue());
        }
        if (!prompt.isArray() || !prompt.valueStream().allMatch(JsonNode::isInt)) {
            throw Fields.wrong("prompt", prompt, "a string, token ids, or a list of these");
        }
        return prompt.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    private static List<Message> messages(@Nullable JsonNode messages) {
        if (messages == null || !messages.isArray() || messages.isEmpty()) {
            throw Fields.wrong("messages", messages, "a list of at least one message");
        }
        return messages.valueStream().map(Request::message).toList();
    }

    private static Message message(JsonNode message) {
        Fields fields = new Fields(message);
        String role = fields.text("role");
        Message.Role known = Message.Role.of(role.equals("developer") ? "system" : role);
        if (known == null) {
            throw ApiException.badRequest(
                    "messages",
                    "A message has the role %s. Known are system, user, assistant and tool."
                            .formatted(role));
        }
        String content = content(fields.find("content"));
        fields.ignore("name");
        fields.refuseOthers();
        return new Message(known, content);
    }

    /// A string, or parts of type text.
    private static String content(@Nullable JsonNode content) {
        if (content != null && content.isString()) {
            return content.stringValue();
        }
        if (content == null || !content.isArray()) {
            throw Fields.wrong("content", content, "a string or a list of parts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asString("").equals("text")) {
                throw Fields.wrong("content", part, "of type text");
            }
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    private static List<String> stops(@Nullable JsonNode stop) {
        if (stop == null) {
            return List.of();
        }
        List<JsonNode> each = stop.isArray() ? stop.valueStream().toList() : List.of(stop);
        if (each.size() > MOST_STOPS
                || !each.stream().allMatch(s -> s.isString() && !s.stringValue().isEmpty())) {
            throw Fields.wrong(
                    "stop",
                    stop,
                    "a string or at most %d of them, none empty".formatted(MOST_STOPS));
        }
        return each.stream().map(JsonNode::stringValue).toList();
    }
}
