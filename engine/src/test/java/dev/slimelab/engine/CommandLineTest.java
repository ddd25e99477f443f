package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.run.RunDirectory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a person sees who asked for something impossible: exit code 2, one sentence that names the
/// place and one that says what to do, no stack trace, and no run directory.
class CommandLineTest {
    private static final Path TINY = Path.of("..", "assets", "tiny");
    private static final String GOOD =
            """
            {"prompt": "Add 1 and 2.", "chosen": "It is 3.", "rejected": "It is 4."}
            """;

    @TempDir private Path folder;
    private Path runFolder = Path.of("");

    private record Reply(int exitCode, String out, String err) {}

    @BeforeEach
    void writeAGoodRequest() throws IOException {
        runFolder = folder.resolve("the-run");
        Files.writeString(folder.resolve("pairs.jsonl"), GOOD + another("5", "6"));
        Files.writeString(
                folder.resolve("spec.json"),
                """
                {
                  "name": "asked",
                  "model": {"path": "%s"},
                  "data": {"path": "pairs.jsonl"},
                  "adapter": {"kind": "lora", "r": 2, "alpha": 4},
                  "optimization": {"maxSteps": 1, "batchPairs": 2, "microBatchPairs": 2},
                  "evaluation": {"probePairs": 2, "samplePrompts": 0},
                  "threads": 1
                }
                """
                        .formatted(slashes(TINY)));
    }

    @Test
    void theGoodRequestIsCarriedOut() {
        Reply reply = train();

        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.err).isEmpty();
        assertThat(new RunDirectory(runFolder).metrics()).exists();
    }

    @Test
    void anEstimateCountsTheRunsStepsAndTokensAndWritesNothing() {
        Reply reply = execute("estimate", file("spec.json"), "--json");

        assertThat(reply.exitCode).as(reply.err).isZero();
        JsonNode estimate = JsonMapper.shared().readTree(reply.out);
        assertThat(estimate.get("steps").intValue()).isEqualTo(1);
        assertThat(estimate.get("tokens").longValue())
                .isEqualTo(estimate.get("longestTokens").longValue())
                .isPositive();
        assertThat(estimate.get("trainingSeconds").doubleValue()).isPositive();
        assertThat(runFolder).doesNotExist();
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void aBenchmarkSaysWhatAStepIsSpentOn() {
        Reply reply =
                execute(
                        "bench",
                        "--model",
                        TINY.toString(),
                        "--prompt",
                        "5",
                        "--completion",
                        "7",
                        "--objective",
                        "dpo",
                        "--steps",
                        "2",
                        "--warm-up",
                        "1",
                        "--threads",
                        "1");

        // Exit code 1 where other processes were busy, but the numbers are there all the same.
        JsonNode result = JsonMapper.shared().readTree(reply.out);
        assertThat(result.get("tokensPerStep").doubleValue()).isEqualTo(2 * (5 + 7 + 7));
        assertThat(result.get("tokensPerStepInTwoRowsAPair").doubleValue())
                .isEqualTo(2 * 2 * (5 + 7));
        assertThat(result.get("stepSeconds")).hasSize(2);
        double spent = 0;
        for (JsonNode part : result.get("breakdownSeconds")) {
            spent += part.doubleValue();
        }
        assertThat(spent).isCloseTo(result.get("stepSecondsMedian").doubleValue(), within(0.001));
    }

    @ParameterizedTest
    @CsvSource({"--objective,dpoo,dpo", "--reference,never,cached", "--precision,int8,bf16"})
    void aBenchmarkOfWhatThereIsNotIsRefused(String option, String value, String named) {
        assertRefused(execute("bench", option, value)).contains(value, named);
    }

    @Test
    void aForkGoesOnFromACheckpointInAFolderOfItsOwn() {
        train("--set", "checkpoint.everySteps=1");
        Path child = folder.resolve("child");

        Reply reply =
                execute(
                        "fork",
                        runFolder.toString(),
                        "--at",
                        "1",
                        "--run",
                        child.toString(),
                        "--set",
                        "optimization.maxSteps=2");

        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.out).contains("Goes on after step 1", child.toString());
        assertThat(new RunDirectory(child).checkpoints().at(2).damage()).isNull();
    }

    @Test
    void whatCannotBeResumedOrForkedIsRefused() {
        assertRefused(execute("resume", file("nowhere"))).contains("nowhere", "spec.json");
        assertRefused(execute("fork", file("nowhere"), "--at", "1")).contains("nowhere");
        assertThat(train().exitCode).isZero();

        Reply finished = execute("resume", runFolder.toString());
        Reply unknown = execute("fork", runFolder.toString(), "--at", "7");

        assertThat(finished.exitCode).isEqualTo(2);
        assertThat(finished.err).contains("is finished", "fork");
        assertThat(unknown.exitCode).isEqualTo(2);
        assertThat(unknown.err).contains("no checkpoint of step 7", "checkpoint.everySteps");
    }

    @Test
    void aSpecInYamlTrainsAndWhatItCannotSayIsNamed() throws IOException {
        String yaml =
                """
                name: asked
                model: {path: "%s"}
                data: {path: pairs.jsonl}
                adapter: {kind: lora, r: 2, alpha: 4}
                optimization:
                  learningRate: 5e-7
                  maxSteps: 1
                  batchPairs: 2
                  microBatchPairs: 2
                evaluation: {probePairs: 2, samplePrompts: 0}
                threads: 1
                """
                        .formatted(slashes(TINY));
        Path file = folder.resolve("spec.yaml");
        Files.writeString(file, yaml);
        Reply reply = execute("train", file.toString(), "--run", runFolder.toString());
        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(new RunDirectory(runFolder).readSpec().optimization().learningRate())
                .isEqualTo(5e-7);

        Files.writeString(file, yaml + "seeds: &s {order: 1}\n");
        runFolder = folder.resolve("another");
        assertRefused(execute("train", file.toString(), "--run", runFolder.toString()))
                .contains("spec.yaml:12", "anchor (&s)");
    }

    @Test
    void aSpecsPairsAreScoredBeforeAnyTraining() {
        Reply reply = execute("score", file("spec.json"), "--pairs", "8");
        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.out)
                .contains("2 of 2 rows", "below the soft margin", "below −δ, raised", "100.0 %");
        JsonNode page =
                JsonMapper.shared().readTree(execute("score", file("spec.json"), "--json").out);
        assertThat(page.at("/logps/chosen")).hasSize(2);
        assertThat(page.at("/reference/chosen")).isEqualTo(page.at("/logps/chosen"));
        assertThat(execute("score", file("spec.json"), "--pairs", "0").exitCode).isEqualTo(2);
    }

    @Test
    void aModelIsDescribedByItsFilesAndItsAdapter() {
        JsonNode folderPage =
                JsonMapper.shared().readTree(execute("model", TINY.toString(), "--json").out);
        assertThat(folderPage.get("family").stringValue()).isEqualTo("llama");
        assertThat(folderPage.get("parameters").longValue()).isEqualTo(400_800);
        assertThat(folderPage.has("memoryBytes")).isFalse();
        JsonNode specPage =
                JsonMapper.shared()
                        .readTree(
                                execute(
                                                "model",
                                                file("spec.json"),
                                                "--json",
                                                "--set",
                                                "model.precision=bf16")
                                        .out);
        long trained = specPage.get("trainedParameters").longValue();
        assertThat(specPage.at("/memoryBytes/total").longValue())
                .isEqualTo(2 * 400_800 + 16 * trained);
        assertThat(execute("model", file("nowhere")).exitCode).isEqualTo(2);
    }

    @Test
    void aMissingSpecIsNamed() {
        assertRefused(execute("train", file("none.json"), "--run", runFolder.toString()))
                .contains("none.json", "no such file");
    }

    @Test
    void aFolderIsNoSpec() {
        assertRefused(execute("train", folder.toString(), "--run", runFolder.toString()))
                .contains(folder.toString());
    }

    @Test
    void malformedJsonInASpecIsNamedWithItsLine() throws IOException {
        Files.writeString(folder.resolve("spec.json"), "{\n  \"name\": \"x\",\n  \"data\" {}\n}\n");

        assertRefused(train()).contains("spec.json:3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimization.learnigRate=1e-4 | optimization.learnigRate | learningRate",
                "objctive=slime | objctive | objective",
                "objective.stabilizer.p=2 | objective.stabilizer | stabiliser",
                "adapter.rank=4 | adapter.rank | r",
            })
    void anUnknownKeyIsNamedWithTheNearestOne(String change, String path, String nearest) {
        assertRefused(train("--set", change)).contains(path, nearest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimization.learningRate=-1 | optimization.learningRate | -1",
                "optimization.batchPairs=0 | optimization.batchPairs | 0",
                "optimization.maxSteps=many | optimization.maxSteps | many",
                "optimization.maxSteps=1.5 | optimization.maxSteps | 1.5",
                "optimization.schedule=square | optimization.schedule | square",
                "objective.stabiliser.p=-1 | objective.stabiliser.p | -1",
                "objective=slimy | objective | slimy",
                "evaluation.probePairs=-1 | evaluation.probePairs | -1",
                "model.precision=fp8 | model.precision | fp8",
                "stage=rlhf | stage | rlhf",
                "adapter.targets=[\"qproj\"] | adapter.targets | qproj",
                "data.format=csv | data.format | csv",
                "data.template=alpaca | template | alpaca",
                "threads=0 | threads | 0",
                "device=tpu | device | tpu",
                "name=a/b | name | a/b",
            })
    void aValueThatCannotBeIsNamedWithItsField(String change, String field, String value) {
        assertRefused(train("--set", change)).contains(field, value);
    }

    @ParameterizedTest
    @CsvSource({
        "train, --set, device=cuda:63",
        "estimate, --set, device=cuda:63",
        "score, --set, device=cuda:63",
        "bench, --device, cuda:63",
        "verify, --device, cuda:63",
        "generate, --device, cuda:63",
        "serve, --device, cuda:63",
        "export, --device, cuda:63",
        "doctor, --device, cuda:63",
    })
    void aGpuThatIsNotThereIsRefusedByEveryCommandThatComputes(
            String command, String option, String value) throws IOException {
        Files.createDirectories(folder.resolve("fixtures/models"));
        List<String> line = new ArrayList<>(List.of(command, option, value));
        switch (command) {
            case "train", "estimate", "score" -> line.add(file("spec.json"));
            case "verify" -> line.add(file("fixtures"));
            case "generate" -> line.addAll(List.of(TINY.toString(), "--prompt", "a"));
            case "serve" -> line.add(TINY.toString());
            case "export" ->
                    line.addAll(List.of(TINY.toString(), "--to", "merged", "--out", file("x")));
            default -> {
                // nothing more is needed
            }
        }
        assertRefused(execute(line.toArray(String[]::new))).contains("device is \"cuda:63\"");
    }

    @Test
    void theDoctorSaysWhatThereIsAndWhy() {
        Reply reply = execute("doctor", "--device", "cpu", "--json");

        assertThat(reply.exitCode).as(reply.err).isZero();
        JsonNode facts = JsonMapper.shared().readTree(reply.out);
        assertThat(facts.get("libtorch").stringValue()).isEqualTo("2.7.1");
        assertThat(facts.get("device").stringValue()).isEqualTo("cpu");
        assertThat(facts.get("libtorchFound")).hasSize(4);
        assertThat(facts.get("problem").isNull()).isTrue();
        assertThat(facts.get("gpus").isString() || facts.get("gpus").isArray()).isTrue();
        assertThat(execute("doctor", "--device", "cpu").out)
                .contains("All is well: libtorch starts and computes on the CPU.");
    }

    @Test
    void whatIsNoLibtorchIsNotInstalled() {
        assertRefused(execute("doctor", "--install-torch", file("nowhere"))).contains("nowhere");
    }

    @Test
    void aChangeWithoutValueIsRefused() {
        assertRefused(train("--set", "optimization.maxSteps")).contains("--set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.path=none.jsonl", "model.path=nowhere"})
    void whatIsMissingIsNamed(String change) {
        assertRefused(train("--set", change)).contains(change.substring(change.indexOf('=') + 1));
    }

    @Test
    void aModelWithoutWeightsIsRefused() throws IOException {
        Path model = modelWithoutWeights();

        assertRefused(train("--set", "model.path=" + slashes(model)))
                .contains(model.toString(), "safetensors");
    }

    @Test
    void aTensorOfTheWrongShapeIsNamedWithBothShapes() throws IOException {
        Path model = modelWithoutWeights();
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(TINY.resolve("model.safetensors")))
                        .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        ObjectNode tensors = (ObjectNode) JsonMapper.shared().readTree(header);
        ((ObjectNode) tensors.get("model.norm.weight")).putArray("shape").add(48).add(2);
        byte[] changed = tensors.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole =
                ByteBuffer.allocate(8 + changed.length + file.remaining())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(changed.length)
                        .put(changed)
                        .put(file);
        Files.write(model.resolve("model.safetensors"), whole.array());

        assertRefused(train("--set", "model.path=" + slashes(model)))
                .contains("model.norm.weight", "[48, 2]", "[96]");
    }

    @Test
    void weightsThatAreCutInHalfAreRefused() throws IOException {
        Path model = modelWithoutWeights();
        byte[] whole = Files.readAllBytes(TINY.resolve("model.safetensors"));
        Files.write(model.resolve("model.safetensors"), Arrays.copyOf(whole, whole.length / 2));

        assertRefused(train("--set", "model.path=" + slashes(model))).contains("model.safetensors");
    }

    @Test
    void aBrokenConfigIsRefused() throws IOException {
        Path model = modelWithoutWeights();
        Files.writeString(model.resolve("config.json"), "{\n\"model_type\" \"llama\"}");

        assertRefused(train("--set", "model.path=" + slashes(model))).contains("config.json");
    }

    @Test
    void aVocabularySmallerThanATokenIdIsRefused() throws IOException {
        ObjectNode config =
                (ObjectNode)
                        JsonMapper.shared().readTree(Files.readString(TINY.resolve("config.json")));
        config.put("vocab_size", 20);

        assertRefused(
                        train(
                                "--set",
                                "model={\"config\": "
                                        + config
                                        + ", \"tokenizerPath\": \""
                                        + slashes(TINY)
                                        + "\"}"))
                .contains("token id", "20 entries");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": \"Add\", \"chosen\": | json",
                "{\"prompt\": \"Add\", \"chosen\": \"a\"} | rejected",
                "{\"prompt\": 7, \"chosen\": \"a\", \"rejected\": \"b\"} | prompt",
                "{\"prompt\": \"Add\", \"chosen\": null, \"rejected\": \"b\"} | chosen",
                "{\"prompt\": \"Add\", \"chosen\": \"a\", \"rejected\": true} | rejected",
                "[1, 2] | object",
            })
    void aRowThatCannotBeReadIsNamedWithItsLine(String row, String named) throws IOException {
        pairs(GOOD, row + "\n", GOOD);

        assertRefused(train()).containsIgnoringCase(named).contains("pairs.jsonl:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n"})
    void aFileWithoutRowsIsRefused(String text) throws IOException {
        pairs(text);

        assertRefused(train()).contains("pairs.jsonl");
    }

    @Test
    void aFileWithoutAUsableRowIsRefused() throws IOException {
        pairs("{\"prompt\": \"Add\", \"chosen\": \"a\", \"rejected\": \"a\"}\n".repeat(2));

        assertRefused(train()).contains("pairs.jsonl", "line 1");
    }

    @Test
    void aFolderOfSeveralSplitsNeedsAChoice() {
        assertRefused(train("--set", "data.path=" + slashes(folder)))
                .contains("has the splits pairs, spec", "data.trainSplit");
    }

    @Test
    void unpairedJudgementsAreRefused() throws IOException {
        pairs("{\"prompt\": \"Add\", \"completion\": \"a\", \"label\": true}\n");

        assertRefused(train()).contains("unpaired judgements", "needs pairs");
    }

    @Test
    void singleAnswersTrainTheSftStageAndNoOther() throws IOException {
        pairs("{\"prompt\": \"Add 1 and 2.\", \"completion\": \"It is 3.\"}\n");

        assertRefused(train()).contains("single answers", "needs pairs");
        assertThat(train("--set", "stage=sft").exitCode).isZero();
    }

    @Test
    void degenerateRowsAreDroppedCountedAndNamedInTheLog() throws IOException {
        pairs(
                GOOD,
                "{\"prompt\": \"Add\", \"chosen\": \"a\", \"rejected\": \"a\"}\n",
                another("5", "6"),
                "{\"prompt\": \"Add\", \"chosen\": \"\", \"rejected\": \"b\"}\n");

        Reply reply = train();

        assertThat(reply.exitCode).as(reply.err).isZero();
        String log = Files.readString(new RunDirectory(runFolder).log());
        assertThat(log).contains("2 left out", "line 2", "line 4");
    }

    @Test
    void aFolderThatHoldsARunIsKept() throws IOException {
        train();
        String metrics = Files.readString(new RunDirectory(runFolder).metrics());

        Reply reply = train();

        assertThat(reply.exitCode).isEqualTo(2);
        assertThat(reply.err).contains("already holds a run", "--run");
        assertThat(new RunDirectory(runFolder).metrics()).hasContent(metrics);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train --frobnicate spec.json", "train", "frobnicate", "verify"})
    void anUnknownOptionCommandOrAMissingArgumentIsRefused(String line) {
        Reply reply = execute(line.split(" "));

        assertThat(reply.exitCode).isEqualTo(2);
        assertThat(reply.err).contains("--help").doesNotContain("\tat ");
    }

    @Test
    void aTrlConfigurationBecomesASpecThatTrains() throws IOException {
        Files.writeString(
                folder.resolve("slime.yaml"),
                """
                model_name_or_path: %s
                dataset_name: %s
                center_lambda_chosen: 0.1
                max_steps: 1
                per_device_train_batch_size: 2
                use_peft: true
                use_dora: true
                """
                        .formatted(slashes(TINY), slashes(folder.resolve("pairs.jsonl"))));

        Reply reply =
                execute(
                        "import",
                        file("slime.yaml"),
                        "-o",
                        file("imported.json"),
                        "--set=threads=1");
        Reply trained = execute("train", file("imported.json"), "--run", runFolder.toString());

        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.out).contains("imported.json", "use_dora has no equivalent");
        assertThat(trained.exitCode).as(trained.err).isZero();
    }

    @Test
    void anImportReplacesNoFileAndLeavesNoneBehindWhereItFails() throws IOException {
        Files.writeString(folder.resolve("dpo.yaml"), "beta: 0.1\nbf16: true\nfp16: true\n");

        assertRefused(execute("import", file("dpo.yaml"), "--trainer=dpo", "-o", file("spec.json")))
                .contains("exists");
        assertRefused(execute("import", file("dpo.yaml"), "--trainer=dpo", "-o", file("new.json")))
                .contains("bf16");
        assertRefused(execute("import", file("dpo.yaml"), "--trainer=ppo", "-o", file("new.json")))
                .contains("ppo", "slime");
        assertThat(folder.resolve("new.json")).doesNotExist();
    }

    @Test
    void aMissingFolderOfFixturesIsRefused() {
        assertRefused(execute("verify", file("nowhere"))).contains("nowhere");
    }

    @Test
    void aTrainedRunAnswersPrompts() {
        assertThat(train().exitCode).isZero();
        Reply reply =
                execute(
                        "generate",
                        runFolder.toString(),
                        "--chat",
                        "--prompt",
                        "Add 31 and 14 step by step.",
                        "--temperature=0",
                        "--max-tokens=60",
                        "--top-logprobs=2",
                        "--threads=1",
                        "--json");

        assertThat(reply.exitCode).as(reply.err).isZero();
        JsonNode line = JsonMapper.shared().readTree(reply.out);
        assertThat(line.at("/prompt").asString()).isEqualTo("Add 31 and 14 step by step.");
        assertThat(line.at("/text").asString()).contains("Answer: ");
        assertThat(line.at("/ended").asString()).isEqualTo("stop");
        assertThat(line.at("/tokens/0/logprob").asDouble())
                .isEqualTo(line.at("/tokens/0/likeliest/0/logprob").asDouble());
    }

    @Test
    void aRunWithoutResultAnswersWithItsNewestCheckpoint() throws IOException {
        assertThat(train().exitCode).isZero();
        var run = new RunDirectory(runFolder);
        Path checkpoints = Files.createDirectory(runFolder.resolve("checkpoints"));
        Files.createDirectories(checkpoints.resolve("step-000001").resolve("adapter"));
        Path newest = Files.createDirectory(checkpoints.resolve("step-000002"));
        Files.move(run.adapter(), newest.resolve("adapter"));

        Reply reply = execute("generate", runFolder.toString(), "--prompt=Put", "--max-tokens=3");

        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.out).isNotBlank();
        assertThat(execute("generate", runFolder + "@3", "--prompt=Put", "--threads=1").err)
                .contains("no checkpoint of step 3", "steps 1, 2");
        assertThat(
                        execute(
                                        "generate",
                                        runFolder + "@2",
                                        "--adapter=" + run.path(),
                                        "--prompt=Put",
                                        "--threads=1")
                                .err)
                .contains("Both a checkpoint");
    }

    @Test
    void severalPromptsAreAnsweredInTheirOrder() throws IOException {
        Path prompts =
                Files.writeString(folder.resolve("prompts.txt"), "Put\n\nWrite the number\n");
        Reply reply =
                execute(
                        "generate",
                        TINY.toString(),
                        "--prompts",
                        prompts.toString(),
                        "--max-tokens=3",
                        "--threads=1");

        assertThat(reply.exitCode).as(reply.err).isZero();
        assertThat(reply.out.lines().filter(line -> line.startsWith("---")))
                .containsExactly("--- 1: Put", "--- 2: Write the number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generate ../assets --prompt a | neither a run",
                "generate ../sample-runs/dpo --prompt a | no model, adapter or checkpoint",
                "generate ../sample-runs/dpo@7 --prompt a | no checkpoint of step 7",
                "generate ../assets/tiny@base --prompt a | no run",
                "generate ../assets/tiny --prompt a --adapter ../assets | adapter_config.json",
                "generate ../assets/tiny --prompt a --temperature -1 | temperature",
                "generate ../assets/tiny --prompt a --top-p 2 | top-p",
                "generate ../assets/tiny --prompt a --top-k -1 | top-k",
                "generate ../assets/tiny --prompt a --prompts b | --prompts",
                "generate ../assets/tiny --prompts nowhere.txt | nowhere.txt",
                "serve ../assets/tiny ../assets/tiny | Two models would be called tiny",
                "serve ../assets/tiny --port 0 --host 0.0.0.0 | without a token",
            })
    void whatCannotBeWrittenIsExplained(String line, String named) {
        assertRefused(execute(line.split(" "))).contains(named);
    }

    private org.assertj.core.api.AbstractStringAssert<?> assertRefused(Reply reply) {
        assertThat(reply.exitCode).as(reply.out + reply.err).isEqualTo(2);
        assertThat(reply.err.lines())
                .as("what happened, what to do")
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(reply.err).doesNotContain("\tat ", "Exception");
        assertThat(runFolder).doesNotExist();
        return assertThat(reply.err);
    }

    private Reply train(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", file("spec.json"), "--run", runFolder.toString()));
        arguments.addAll(List.of(more));
        return execute(arguments.toArray(String[]::new));
    }

    private static Reply execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        return new Reply(command.execute(arguments), out.toString(), err.toString());
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void pairs(String... rows) throws IOException {
        Files.writeString(folder.resolve("pairs.jsonl"), String.join("", rows));
    }

    private static String another(String chosen, String rejected) {
        return "{\"prompt\": \"Count.\", \"chosen\": \"%s\", \"rejected\": \"%s\"}\n"
                .formatted(chosen, rejected);
    }

    private Path modelWithoutWeights() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(TINY.resolve(name), model.resolve(name));
        }
        return model;
    }

    private static String slashes(Path path) {
        return path.toAbsolutePath().normalize().toString().replace('\\', '/');
    }
}
