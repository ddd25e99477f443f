package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.train.ModelSource;
import dev.slimelab.engine.train.OpenModels;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// States of runs behind one server in a process of its own, as the workbench starts it.
@Timeout(120)
class ServeCommandTest {
    private static final String SAID = "Add 31 and 14 step by step.";
    private static final String TOKEN = "sesame";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static Process server;

    private static String url = "";

    @BeforeAll
    static void serveRuns() throws IOException {
        train("lora", "{\"kind\": \"lora\", \"r\": 4, \"alpha\": 32}");
        train("full", "{\"kind\": \"full\"}");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "base=" + run("lora") + "@base",
                        run("lora") + "@1",
                        run("lora") + "@step-000002",
                        run("lora"),
                        "full=" + run("full") + "@1",
                        "--port=0",
                        "--threads=1",
                        "--until-input-ends");
        builder.environment().put("SLIMELAB_TOKEN", TOKEN);
        server = builder.redirectError(folder.resolve("errors.txt").toFile()).start();
        BufferedReader said = server.inputReader();
        String line = "";
        while (!line.startsWith("Listening at ")) {
            line = Objects.requireNonNull(said.readLine(), "the server ended");
        }
        url = line.substring("Listening at ".length());
    }

    /// Two steps on the built-in model, large enough to be seen, with a checkpoint after each.
    private static void train(String name, String adapter) throws IOException {
        Path spec = folder.resolve(name + ".json");
        Files.writeString(
                spec,
                """
                {"name": "%s",
                 "model": {"path": "%s"},
                 "data": {"format": "tiny-lab", "pairs": 16},
                 "objective": "simpo",
                 "adapter": %s,
                 "optimization": {"learningRate": 3e-3, "maxSteps": 2, "batchPairs": 4, "microBatchPairs": 4},
                 "evaluation": {"probePairs": 0, "samplePrompts": 0},
                 "checkpoint": {"everySteps": 1},
                 "threads": 1}
                """
                        .formatted(
                                name,
                                Path.of("..", "assets", "tiny")
                                        .toAbsolutePath()
                                        .normalize()
                                        .toString()
                                        .replace('\\', '/'),
                                adapter));
        execute("train", spec.toString(), "--run", run(name));
    }

    private static String run(String name) {
        return folder.resolve(name).toString();
    }

    private static String execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        assertThat(command.execute(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    /// The last test of all: what the server must do when whoever started it is gone.
    @AfterAll
    static void theServerEndsWithItsInput() throws IOException, InterruptedException {
        server.getOutputStream().close();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).as("ended by itself").isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(folder.resolve("errors.txt")).isEmptyFile();
    }

    @Test
    void statesAreModels() throws Exception {
        HttpResponse<String> reply =
                CLIENT.send(request("/models").build(), BodyHandlers.ofString());
        assertThat(
                        JsonMapper.shared()
                                .readTree(reply.body())
                                .at("/data")
                                .valueStream()
                                .map(model -> model.at("/id").asString()))
                .containsExactly("base", "lora@step-000001", "lora@step-000002", "lora", "full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "lora@step-000001", "lora", "full"})
    void aStreamHasTheTextOfGenerateAndTheLogProbabilitiesOfTheWholeLogits(String model)
            throws Exception {
        Written written = write(model, 7);
        JsonNode generated = generate(model, 7);
        assertThat(written.text).isEqualTo(generated.at("/text").asString()).isNotBlank();
        try (var open = new OpenModels(Fixtures.TORCH, null)) {
            TextModel own = open.open(ModelSource.parse(source(model)), null);
            double[] expected = logps(own, written);
            assertThat(written.logps).hasSize(expected.length).hasSizeGreaterThan(5);
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(written.logps.get(i) - expected[i]))
                        .as("%s, token %d", model, i)
                        .isLessThan(Tolerances.LOGITS);
            }
        }
    }

    /// Another model reads what one has written, as ids, and its numbers are its own.
    @Test
    void aTextIsScoredUnderEveryModel() throws Exception {
        Written written = write("base", 7);
        for (String model : List.of("base", "lora@step-000001", "lora", "full")) {
            JsonNode choice =
                    post(
                                    "/completions",
                                    "'model': '%s', 'prompt': %s, 'echo': true, 'max_tokens': 0, 'logprobs': 0"
                                            .formatted(model, written.all()))
                            .at("/choices/0/logprobs/token_logprobs");
            try (var open = new OpenModels(Fixtures.TORCH, null)) {
                double[] expected =
                        logps(open.open(ModelSource.parse(source(model)), null), written);
                int prompt = written.prompt.size();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(Math.abs(choice.get(prompt + i).asDouble() - expected[i]))
                            .isLessThan(Tolerances.LOGITS);
                }
            }
        }
    }

    @Test
    void checkpointsDifferAndTheLastOneIsTheResult() throws Exception {
        assertThat(write("lora@step-000002", 3)).isEqualTo(write("lora", 3));
        assertThat(write("lora@step-000001", 3).logps)
                .isNotEqualTo(write("base", 3).logps)
                .isNotEqualTo(write("lora", 3).logps);
    }

    private static String source(String model) {
        return switch (model) {
            case "base" -> run("lora") + "@base";
            case "full" -> run("full") + "@step-000001";
            default -> folder.resolve(model).toString();
        };
    }

    private static JsonNode generate(String model, int seed) {
        return JsonMapper.shared()
                .readTree(
                        execute(
                                "generate",
                                source(model),
                                "--chat",
                                "--prompt=" + SAID,
                                "--seed=" + seed,
                                "--max-tokens=40",
                                "--threads=1",
                                "--json"));
    }

    /// What a model answered.
    private record Written(
            String text, List<Integer> prompt, List<Integer> ids, List<Double> logps) {
        List<Integer> all() {
            return Stream.concat(prompt.stream(), ids.stream()).toList();
        }
    }

    private static Written write(String model, int seed) throws Exception {
        String body =
                "'model': '%s', 'messages': [{'role': 'user', 'content': '%s'}], 'seed': %d, 'max_tokens': 40, 'logprobs': true, 'return_token_ids': true, 'stream': true"
                        .formatted(model, SAID, seed);
        Written written = new Written("", new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        StringBuilder text = new StringBuilder();
        try (Stream<String> lines =
                CLIENT.send(posting("/chat/completions", body), BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith("data: {"))
                    .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
                    .forEach(
                            chunk -> {
                                JsonNode choice = chunk.at("/choices/0");
                                text.append(choice.at("/delta/content").asString(""));
                                chunk.at("/prompt_token_ids")
                                        .forEach(id -> written.prompt.add(id.asInt()));
                                choice.at("/token_ids").forEach(id -> written.ids.add(id.asInt()));
                                choice.at("/logprobs/content")
                                        .forEach(
                                                token ->
                                                        written.logps.add(
                                                                token.at("/logprob").asDouble()));
                            });
        }
        return new Written(text.toString(), written.prompt, written.ids, written.logps);
    }

    /// Of the written tokens, by the path of `verify`: the softmax of the logits of all positions.
    private static double[] logps(TextModel model, Written written) {
        int[] ids = written.all().stream().mapToInt(Integer::intValue).toArray();
        boolean[] real = new boolean[ids.length];
        Arrays.fill(real, true);
        double[][] logits =
                PaddedLogits.of(
                        model.model(), Adapter.ON, new int[][] {ids}, new boolean[][] {real})[0];
        double[] logps = new double[written.ids.size()];
        for (int i = 0; i < logps.length; i++) {
            double[] before = logits[written.prompt.size() + i - 1];
            double total = Math.log(Arrays.stream(before).map(Math::exp).sum());
            logps[i] = before[written.ids.get(i)] - total;
        }
        return logps;
    }

    private static JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> reply = CLIENT.send(posting(path, body), BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(reply.body());
    }

    private static HttpRequest posting(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(
                        BodyPublishers.ofString(
                                "{" + body.replace('\'', '"') + "}", StandardCharsets.UTF_8))
                .build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + TOKEN);
    }
}
