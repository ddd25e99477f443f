package dev.slimelab.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.data.Message;
import dev.slimelab.engine.generate.Continuation;
import dev.slimelab.engine.generate.Generator;
import dev.slimelab.engine.generate.Sampling;
import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.train.ModelSource;
import dev.slimelab.engine.train.OpenModels;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A real server on the built-in model, spoken to over HTTP.
@Timeout(120)
class ApiServerTest {
    private static final OpenModels OPEN = new OpenModels(Fixtures.TORCH, null);
    private static final TextModel TINY =
            OPEN.open(ModelSource.newest(Path.of("..", "assets", "tiny")), null);
    private static final String PROMPT = "<|user|>Add 31 and 14 step by step.<|bot|>";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /// Long enough to be interrupted: as many steps as the model has positions, and many rows.
    private static final String LONG =
            "'model': 'tiny', 'prompt': 'Put', 'n': 64, 'temperature': 2, 'seed': 1, 'max_tokens': 250";

    private ApiServer server = start(null);

    private static ApiServer start(@Nullable String token) {
        return ApiServer.start(Map.of("tiny", TINY), Access.of("127.0.0.1", token), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void close() {
        OPEN.close();
    }

    @Test
    void modelsAreListed() throws Exception {
        JsonNode list = get("/models");
        assertThat(list.at("/object").asString()).isEqualTo("list");
        assertThat(list.at("/data/0/id").asString()).isEqualTo("tiny");
        assertThat(get("/models/tiny").at("/object").asString()).isEqualTo("model");
        assertThat(request("/models/none").send().statusCode()).isEqualTo(404);
    }

    @Test
    void aGreedyCompletionIsWhatTheGeneratorWrites() throws Exception {
        JsonNode reply =
                post(
                        "/completions",
                        "'model': 'tiny', 'prompt': '%s', 'temperature': 0, 'max_tokens': 60"
                                .formatted(PROMPT));
        assertThat(reply.at("/object").asString()).isEqualTo("text_completion");
        assertThat(text(reply)).isEqualTo(greedy(TINY.tokens(PROMPT), 60));
        assertThat(reply.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(reply.at("/choices/0/logprobs").isNull()).isTrue();
        assertThat(reply.at("/usage/prompt_tokens").asInt()).isEqualTo(TINY.tokens(PROMPT).length);
        assertThat(reply.at("/usage/total_tokens").asInt())
                .isEqualTo(
                        reply.at("/usage/prompt_tokens").asInt()
                                + reply.at("/usage/completion_tokens").asInt());
    }

    @Test
    void promptsMayBeTextsIdsOrListsOfThese() throws Exception {
        String ids = Arrays.toString(TINY.tokens(PROMPT));
        String rest = "'model': 'tiny', 'temperature': 0, 'max_tokens': 8, 'n': 2, 'prompt': ";
        String one = greedy(TINY.tokens(PROMPT), 8);
        String other = greedy(TINY.tokens("Put"), 8);
        assertThat(texts(post("/completions", rest + ids))).containsExactly(one, one);
        assertThat(texts(post("/completions", rest + "['%s', 'Put']".formatted(PROMPT))))
                .containsExactly(one, one, other, other);
        assertThat(texts(post("/completions", rest + "[%s, %s]".formatted(ids, ids))))
                .containsExactly(one, one, one, one);
    }

    @Test
    void anEchoedPromptIsScoredAsByTheWholeLogits() throws Exception {
        JsonNode choice =
                post(
                                "/completions",
                                "'model': 'tiny', 'prompt': '%s', 'max_tokens': 0, 'echo': true, 'logprobs': 1"
                                        .formatted(PROMPT))
                        .at("/choices/0");
        int[] ids = TINY.tokens(PROMPT);
        boolean[] real = new boolean[ids.length];
        Arrays.fill(real, true);
        double[][] logits =
                PaddedLogits.of(
                        TINY.model(), Adapter.ON, new int[][] {ids}, new boolean[][] {real})[0];
        assertThat(choice.at("/text").asString()).isEqualTo(PROMPT);
        assertThat(choice.at("/finish_reason").asString()).isEqualTo("length");
        JsonNode logprobs = choice.at("/logprobs");
        assertThat(logprobs.at("/tokens").size()).isEqualTo(ids.length);
        assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
        for (int i = 1; i < ids.length; i++) {
            double[] before = logits[i - 1];
            double total = Math.log(Arrays.stream(before).map(Math::exp).sum());
            double best = Arrays.stream(before).max().orElseThrow() - total;
            double own = logprobs.at("/token_logprobs/" + i).asDouble();
            assertThat(Math.abs(own - (before[ids[i]] - total))).isLessThan(Tolerances.LOGITS);
            double most =
                    logprobs.at("/top_logprobs/" + i)
                            .valueStream()
                            .mapToDouble(JsonNode::asDouble)
                            .max()
                            .orElseThrow();
            assertThat(Math.abs(most - best)).isLessThan(Tolerances.LOGITS);
            assertThat(PROMPT.substring(logprobs.at("/text_offset/" + i).asInt()))
                    .startsWith(logprobs.at("/tokens/" + i).asString());
        }
    }

    /// What a harness relies on that asks for one token to learn the log-probabilities of a text:
    /// the last entry is the written token's, even where it is a stop token.
    @Test
    void aStopTokenHasItsLogProbabilityButNoText() throws Exception {
        String answered = PROMPT + greedy(TINY.tokens(PROMPT), 60);
        JsonNode choice =
                post(
                                "/completions",
                                "'model': 'tiny', 'prompt': %s, 'temperature': 0, 'max_tokens': 1, 'echo': true, 'logprobs': 1"
                                        .formatted(
                                                JsonMapper.shared().writeValueAsString(answered)))
                        .at("/choices/0");
        assertThat(choice.at("/text").asString()).isEqualTo(answered);
        assertThat(choice.at("/finish_reason").asString()).isEqualTo("stop");
        JsonNode tokens = choice.at("/logprobs/tokens");
        assertThat(tokens.size()).isEqualTo(TINY.tokens(answered).length + 1);
        assertThat(tokens.get(tokens.size() - 1).asString()).isEqualTo("<|end|>");
    }

    @Test
    void stopStringsEndTheTextAndAreNoPartOfIt() throws Exception {
        String whole = greedy(TINY.tokens(PROMPT), 60);
        int at = whole.indexOf(".\n") + 1;
        JsonNode reply =
                post(
                        "/completions",
                        "'model': 'tiny', 'prompt': '%s', 'temperature': 0, 'max_tokens': 60, 'stop': ['\\nOnes']"
                                .formatted(PROMPT));
        assertThat(text(reply)).isEqualTo(whole.substring(0, at));
        assertThat(reply.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void aSeedGivesTheSameTextAndAnotherAnother() throws Exception {
        String body =
                "'model': 'tiny', 'prompt': 'Put', 'temperature': 1.5, 'max_tokens': 30, 'seed': ";
        String first = text(post("/completions", body + 7));
        assertThat(text(post("/completions", body + 7))).isEqualTo(first);
        assertThat(text(post("/completions", body + 8))).isNotEqualTo(first);
    }

    @Test
    void chatUsesTheModelsTemplate() throws Exception {
        String said = "Add 31 and 14 step by step.";
        JsonNode reply =
                post(
                        "/chat/completions",
                        "'model': 'tiny', 'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': '%s'}]}], 'temperature': 0, 'logprobs': true, 'top_logprobs': 2"
                                .formatted(said));
        assertThat(reply.at("/object").asString()).isEqualTo("chat.completion");
        assertThat(reply.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(reply.at("/choices/0/message/content").asString())
                .isEqualTo(greedy(TINY.tokens(List.of(Message.user(said))), 200));
        JsonNode first = reply.at("/choices/0/logprobs/content/0");
        assertThat(first.at("/top_logprobs").size()).isEqualTo(2);
        assertThat(first.at("/logprob").asDouble())
                .isEqualTo(first.at("/top_logprobs/0/logprob").asDouble());
        assertThat(
                        first.at("/bytes")
                                .valueStream()
                                .map(JsonNode::asInt)
                                .map(Character::toString)
                                .reduce("", String::concat))
                .isEqualTo(first.at("/token").asString());
    }

    @Test
    void streamsTellTheSameAsWholeReplies() throws Exception {
        String ask =
                "'model': 'tiny', 'messages': [{'role': 'user', 'content': 'Add 31 and 14 step by step.'}], 'temperature': 0, 'logprobs': true";
        JsonNode whole = post("/chat/completions", ask);
        List<JsonNode> chunks =
                stream(
                        "/chat/completions",
                        ask + ", 'stream': true, 'stream_options': {'include_usage': true}");
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(joined(chunks, "/choices/0/delta/content"))
                .isEqualTo(whole.at("/choices/0/message/content").asString());
        assertThat(
                        chunks.stream()
                                .flatMap(c -> c.at("/choices/0/logprobs/content").valueStream())
                                .toList())
                .isEqualTo(whole.at("/choices/0/logprobs/content").valueStream().toList());
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString())
                .isEqualTo("stop");
        assertThat(chunks.getLast().at("/usage")).isEqualTo(whole.at("/usage"));
        assertThat(chunks.size()).as("several pieces").isGreaterThan(10);
    }

    @Test
    void twoStreamsAdvanceSideBySide() throws Exception {
        try (Stream<String> slow =
                request("/completions").post("{" + LONG + ", 'stream': true}").lines()) {
            Iterator<String> lines = slow.iterator();
            assertThat(lines.next()).startsWith("data: ");
            String ask =
                    "'model': 'tiny', 'prompt': '%s', 'temperature': 0, 'max_tokens': 5"
                            .formatted(PROMPT);
            assertThat(joined(stream("/completions", ask + ", 'stream': true"), "/choices/0/text"))
                    .isEqualTo(greedy(TINY.tokens(PROMPT), 5));
            assertThat(server.engine().inWork()).as("the long one is still in work").isEqualTo(1);
            int more = 0;
            while (lines.hasNext()) {
                lines.next();
                more++;
            }
            assertThat(more).isGreaterThan(1000);
        }
    }

    @Test
    void aClientThatLeavesItsStreamStopsItsGeneration() throws Exception {
        leave("{" + LONG + ", 'stream': true}");
        assertThat(server.engine().turns()).isLessThan(250);
    }

    private void leave(String body) throws Exception {
        URI uri = URI.create(server.url());
        byte[] bytes = quoted(body).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String head =
                    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(bytes.length);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(15))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        while (server.engine().inWork() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theTokenIsAskedFor() throws Exception {
        server.close();
        server = start("sesame");
        assertThat(request("/models").send().statusCode()).isEqualTo(401);
        HttpResponse<String> wrong = request("/models").token("sesam").send();
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(json(wrong).at("/error/code").asString()).isEqualTo("invalid_api_key");
        assertThat(request("/models").token("sesame").send().statusCode()).isEqualTo(200);
    }

    @Test
    void otherMachinesNeedAToken() {
        assertThatThrownBy(() -> Access.of("0.0.0.0", null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("without a token");
    }

    /// Paths and the like are for the server's log.
    @Test
    void whatFailsInsideIsNotToldToClients() {
        Problem inside = Problem.failed("/home/a/model is gone.", "Look for it.");
        assertThat(ApiServer.shown(inside).json().toString()).doesNotContain("/home");
        assertThat(ApiServer.shown(new IllegalStateException("/home/a")).json().toString())
                .doesNotContain("/home");
        assertThat(ApiServer.shown(Problem.badRequest("That.", "This.")).getMessage())
                .isEqualTo("That. This.");
    }

    /// As a web page does that has given its own name our address.
    @Test
    void aForeignNameIsRefusedWhereThereIsNoToken() throws Exception {
        URI uri = URI.create(server.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            var lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).contains("403");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'model': 'none', 'prompt': 'a' | 404 | model | model_not_found",
                "'prompt': 'a' | 400 | model | ",
                "'model': 'tiny' | 400 | prompt | ",
                "'model': 'tiny', 'prompt': 7 | 400 | prompt | ",
                "'model': 'tiny', 'prompt': 'a', 'max_tokens': 256 | 400 | | context_length_exceeded",
                "'model': 'tiny', 'prompt': 'a', 'max_tokens': -1 | 400 | max_tokens | ",
                "'model': 'tiny', 'prompt': 'a', 'temperature': 'hot' | 400 | temperature | ",
                "'model': 'tiny', 'prompt': 'a', 'top_p': 0 | 400 | top_p | ",
                "'model': 'tiny', 'prompt': 'a', 'n': 1000 | 400 | n | ",
                "'model': 'tiny', 'prompt': 'a', 'logprobs': true | 400 | logprobs | ",
                "'model': 'tiny', 'prompt': 'a', 'stop': '' | 400 | stop | ",
                "'model': 'tiny', 'prompt': 'a', 'frequency_penalty': 1 | 400 | frequency_penalty | ",
                "'model': 'tiny', 'prompt': 'a', 'min_p': 0.1 | 400 | min_p | ",
                "'model': 'tiny', 'prompt': [640] | 400 | | ",
                "'model': 'tiny', 'prompt': '' | 400 | | ",
                "'model' | 400 | | ",
            })
    void aRequestThatCannotBeHonouredIsExplained(
            String body, int status, @Nullable String parameter, @Nullable String code)
            throws Exception {
        HttpResponse<String> reply = request("/completions").post("{" + body + "}").send();
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        JsonNode error = json(reply).at("/error");
        assertThat(error.at("/type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.at("/message").asString()).isNotBlank().doesNotContain("Exception");
        assertThat(error.at("/param").asString(null)).isEqualTo(parameter);
        assertThat(error.at("/code").asString(null)).isEqualTo(code);
    }

    @Test
    void whatIsNoJsonRequestIsExplained() throws Exception {
        assertThat(request("/completions").send().statusCode()).isEqualTo(405);
        assertThat(request("/embeddings").post("{}").send().statusCode()).isEqualTo(404);
        assertThat(request("/completions").type("text/plain").post("{}").send().statusCode())
                .isEqualTo(415);
        assertThat(request("/completions").post(" ".repeat(9 << 20)).send().statusCode())
                .isEqualTo(413);
    }

    private static String greedy(int[] prompt, int maxTokens) {
        Continuation written =
                new Generator(TINY.model(), Adapter.ON)
                        .generate(List.of(prompt), Sampling.greedy(maxTokens, Set.of(3)))
                        .getFirst();
        return TINY.tokenizer().decodeText(written.tokens());
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> reply = request(path).send();
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return json(reply);
    }

    private JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> reply = request(path).post("{" + body + "}").send();
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return json(reply);
    }

    /// The chunks of a stream, which must end as the protocol says.
    private List<JsonNode> stream(String path, String body) throws Exception {
        List<String> data = new ArrayList<>();
        try (Stream<String> lines = request(path).post("{" + body + "}").lines()) {
            lines.filter(line -> !line.isEmpty() && !line.startsWith(":"))
                    .forEach(line -> data.add(line.substring("data: ".length())));
        }
        assertThat(data.removeLast()).isEqualTo("[DONE]");
        return data.stream().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    private static String joined(List<JsonNode> chunks, String pointer) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at(pointer).asString("")));
        return text.toString();
    }

    private static String text(JsonNode reply) {
        return reply.at("/choices/0/text").asString();
    }

    private static List<String> texts(JsonNode reply) {
        return reply.at("/choices")
                .valueStream()
                .map(choice -> choice.at("/text").asString())
                .toList();
    }

    private static JsonNode json(HttpResponse<String> reply) {
        return JsonMapper.shared().readTree(reply.body());
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private Ask request(String path) {
        return new Ask(HttpRequest.newBuilder(URI.create(server.url() + path)));
    }

    private record Ask(HttpRequest.Builder builder) {
        Ask token(String token) {
            builder.header("Authorization", "Bearer " + token);
            return this;
        }

        Ask type(String type) {
            builder.setHeader("Content-Type", type);
            return this;
        }

        Ask post(String body) {
            if (builder.copy().build().headers().firstValue("Content-Type").isEmpty()) {
                type("application/json");
            }
            builder.POST(BodyPublishers.ofString(quoted(body)));
            return this;
        }

        HttpResponse<String> send() throws IOException, InterruptedException {
            return CLIENT.send(builder.build(), BodyHandlers.ofString());
        }

        Stream<String> lines() throws IOException, InterruptedException {
            return CLIENT.send(builder.build(), BodyHandlers.ofLines()).body();
        }
    }
}
