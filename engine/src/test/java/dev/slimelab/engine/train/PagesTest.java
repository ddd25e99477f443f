package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// `docs/metrics.md` and `docs/run-directory.md` against what runs write.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern FIRST_COLUMN = Pattern.compile("^\\| `([^`]+)` \\|");

    /// Linux alone says how much memory a process has, and KTO's estimate needs mismatched answers,
    /// which no data source gives.
    private static final List<String> NOT_WRITTEN_HERE = List.of("memory_bytes", "kl");

    /// All terms at once, with everything that adapts itself.
    private static final String EVERY_TERM =
            "objective={\"reference\":\"frozen\",\"margin\":\"adaptive\",\"contrast\":\"two-sided\","
                    + "\"unary\":{\"kind\":\"bco\",\"shift\":\"running-mean\"},\"anchor\":\"nll\","
                    + "\"stabiliser\":\"softplus-power\",\"regulariser\":\"value-penalty\","
                    + "\"pairWeight\":\"beta-dpo\"}";

    private static final String LOG_ODDS =
            "objective={\"transform\":\"log-odds\",\"contrast\":\"log-sigmoid\"}";

    private final List<RunDirectory> runs = new ArrayList<>();

    @BeforeAll
    void train(@TempDir Path folder) throws InterruptedException {
        runs.add(
                train(folder, "slime", List.of("adapter={\"kind\":\"lora\",\"r\":2,\"alpha\":4}")));
        runs.add(train(folder, "dpo", List.of(EVERY_TERM, "evaluation.costlyDiagnostics=on")));
        runs.add(train(folder, "slime-without-stabiliser", List.of(LOG_ODDS)));
        runs.add(train(folder, "more-sft", List.of()));
        runs.add(train(folder, "simpo", List.of(heldOut(folder), "evaluation.scoredPrompts=0")));
    }

    /// Rows of a file, because the built-in corpus has held-out pairs of its own.
    private static String heldOut(Path folder) {
        Path file = folder.resolve("pairs.jsonl");
        String row = "{\"prompt\": \"Add %d.\", \"chosen\": \"Yes.\", \"rejected\": \"No.\"}\n";
        try {
            Files.writeString(
                    file, IntStream.range(0, 8).mapToObj(row::formatted).collect(joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data={\"path\":\"%s\",\"evaluationFraction\":0.25}"
                .formatted(file.toString().replace('\\', '/'));
    }

    private static RunDirectory train(Path folder, String sample, List<String> changes)
            throws InterruptedException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "data.pairs=8",
                                "optimization.maxSteps=1",
                                "optimization.batchPairs=4",
                                "optimization.microBatchPairs=4",
                                "evaluation.probePairs=2",
                                "evaluation.samplePrompts=1",
                                "evaluation.scoredPrompts=1",
                                "checkpoint.everySteps=1"));
        all.addAll(changes);
        Path spec = Path.of("..", "sample-runs", sample, "spec.json");
        RunDirectory run = new RunDirectory(folder.resolve(sample));
        new TrainingRun(SpecJson.read(spec, all), run.path(), _ -> {}).run();
        return run;
    }

    @Test
    void theMetricsPageListsWhatRunsWrite() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(DOCS.resolve("metrics.md"))) {
            var row = FIRST_COLUMN.matcher(line);
            if (row.find()) {
                assertThat(listed.add(row.group(1))).as(line).isTrue();
            }
        }
        Set<String> written = new TreeSet<>();
        runs.forEach(run -> written.addAll(keys(run.metrics())));
        written.addAll(NOT_WRITTEN_HERE);

        assertThat(listed).isEqualTo(written);
    }

    @Test
    void theRunDirectoryPageNamesEveryFileAndField() throws IOException {
        String page = Files.readString(DOCS.resolve("run-directory.md"));
        Set<String> written = new TreeSet<>();
        for (RunDirectory run : runs) {
            try (Stream<Path> files = Files.walk(run.path())) {
                files.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .filter(name -> !name.matches("step-\\d+\\.json"))
                        .forEach(written::add);
            }
            written.addAll(tree(run.status()).propertyNames());
            written.addAll(tree(run.environment()).propertyNames());
            written.addAll(keys(run.samples()));
            written.addAll(tree(run.checkpoints().at(1).state()).propertyNames());
            written.addAll(tree(run.tokens().resolve("step-000001.json")).propertyNames());
        }
        written.addAll(List.of("edit", "edited", "edit-refused", "resumed", "forked"));
        written.addAll(List.of("alarm", "alarm-cleared"));
        for (Control.Request request : Control.Request.values()) {
            written.add("control/" + request.word());
        }

        assertThat(written)
                .allSatisfy(name -> assertThat(page).containsPattern("[`/]" + name + "`"));
    }

    private static Set<String> keys(Path jsonLines) {
        Set<String> keys = new TreeSet<>();
        new JsonLinesTail(jsonLines)
                .poll()
                .lines()
                .forEach(line -> keys.addAll(line.propertyNames()));
        return keys;
    }

    private static JsonNode tree(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }
}
