package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs that start from an adapter, train with dropout or a head of their own, and what is exported
/// from them.
class AdapterRunTest {
    private static final Path TINY = Path.of("..", "assets", "tiny").toAbsolutePath().normalize();

    @TempDir private Path folder;

    @Test
    void dpoOnAnSftAdapterMeasuresAgainstTheReferenceThatIsNamed() throws Exception {
        RunDirectory sft = train("sft", "stage=sft", "data.split=sft", "objective=sft");
        List<Double> losses = new ArrayList<>();
        for (String reference :
                List.of(
                        "start",
                        "adapter-disabled",
                        "{\"kind\": \"folder\", \"path\": \"%s\"}"
                                .formatted(TINY.toString().replace('\\', '/')))) {
            RunDirectory dpo =
                    train(
                            "dpo-" + losses.size(),
                            "objective=dpo",
                            "optimization.maxSteps=1",
                            "model.adapterPath=" + sft.adapter(),
                            reference.startsWith("{")
                                    ? "reference=" + reference
                                    : "reference.kind=" + reference);
            losses.add(metrics(dpo).get(1).get("loss").doubleValue());
        }
        assertThat(losses.get(0)).isCloseTo(Math.log(2), Tolerances.FLOAT32);
        assertThat(Math.abs(losses.get(1) - Math.log(2))).isGreaterThan(1e-3);
        assertThat(losses.get(2)).isCloseTo(losses.get(1), Tolerances.FLOAT32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "adapter.r=8 | has r 4, but the spec's adapter has not",
                "adapter.alpha=9 | has alpha 8.0",
                "adapter.scaling=rank-stabilised | has scaling alpha-over-r",
                "adapter.targets=[\"q_proj\"] | has targets [q_proj, k_proj,",
                "adapter.modulesToSave=[\"lm_head\"] | has modulesToSave []",
            })
    void anAdapterToStartFromMustBeTheSpecsAdapter(String change, String message) throws Exception {
        RunDirectory sft = train("sft", "stage=sft", "data.split=sft", "objective=sft");

        assertThatThrownBy(() -> train("next", "model.adapterPath=" + sft.adapter(), change))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
        assertThat(folder.resolve("next")).doesNotExist();
    }

    @Test
    void aPatternAndNamesAsTargetsAreRefusedTogether() throws Exception {
        assertThatThrownBy(() -> train("both", "adapter.targetPattern=.*\\.q_proj"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("both names and a pattern as targets");
        RunDirectory run =
                train("pattern", "adapter.targetPattern=.*\\.q_proj", "adapter.targets=[]");
        assertThat(Files.readString(run.adapter().resolve("adapter_config.json")))
                .contains("q_proj\"")
                .doesNotContain("up_proj");
    }

    @Test
    void dropoutIsTheSameForEveryRunAndEverySplitIntoMicroBatches() throws Exception {
        List<Double> without = losses(train("without"));
        List<Double> with = losses(train("with", "adapter.dropout=0.3"));
        List<Double> again = losses(train("again", "adapter.dropout=0.3"));
        List<Double> split =
                losses(train("split", "adapter.dropout=0.3", "optimization.microBatchPairs=3"));
        assertThat(again).isEqualTo(with);
        assertThat(with).isNotEqualTo(without);
        for (int i = 0; i < with.size(); i++) {
            assertThat(split.get(i)).isCloseTo(with.get(i), Tolerances.SPLIT_BATCH);
        }
    }

    @Test
    void exportsAreReadBackAndComputeTheSame() throws Exception {
        RunDirectory run = train("lora", "adapter.modulesToSave=[\"lm_head\"]");
        Export export = new Export(run.path(), null, null);
        Path peft = folder.resolve("peft");
        Path merged = folder.resolve("merged");

        assertThat(export.write(Fixtures.TORCH, Export.Target.PEFT, peft)).isZero();
        assertThat(export.write(Fixtures.TORCH, Export.Target.MERGED, merged)).isLessThan(1e-5);
        assertThat(peft.resolve("adapter_config.json")).exists();
        assertThat(merged.resolve("tokenizer.json")).exists();
        assertThat(ConfigJson.read(merged).tiedEmbeddings()).isFalse();
        assertThatThrownBy(() -> export.write(Fixtures.TORCH, Export.Target.PEFT, peft))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("exists");
        Export halved = new Export(run.path(), null, Precision.BF16);
        Path small = folder.resolve("small");
        halved.write(Fixtures.TORCH, Export.Target.MERGED, small);
        assertThat(Files.size(small.resolve("model.safetensors")))
                .isLessThan(Files.size(merged.resolve("model.safetensors")) * 6 / 10);
    }

    @Test
    void aFullRunIsExportedAsAModelOnly() throws Exception {
        RunDirectory run = train("full", "adapter={\"kind\":\"full\"}");
        Export export = new Export(run.path(), null, null);
        Path out = folder.resolve("out");

        assertThatThrownBy(() -> export.write(Fixtures.TORCH, Export.Target.PEFT, out))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("has no adapter");
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("out.part")).doesNotExist();
        assertThat(export.write(Fixtures.TORCH, Export.Target.MERGED, out)).isZero();
    }

    private RunDirectory train(String name, String... changes)
            throws IOException, InterruptedException {
        Path file = folder.resolve("spec.json");
        Files.writeString(
                file,
                """
                {"name": "small",
                 "model": {"path": "%s"},
                 "data": {"format": "tiny-lab", "pairs": 40},
                 "adapter": {"kind": "lora", "r": 4, "alpha": 8},
                 "optimization": {"learningRate": 1e-2, "maxSteps": 3, "batchPairs": 8, "microBatchPairs": 8},
                 "evaluation": {"probePairs": 0, "samplePrompts": 0},
                 "threads": 1}
                """
                        .formatted(TINY.toString().replace('\\', '/')));
        Path run = folder.resolve(name);
        new TrainingRun(SpecJson.read(file, List.of(changes)), run, _ -> {}).run();
        return new RunDirectory(run);
    }

    private static List<Double> losses(RunDirectory run) {
        return metrics(run).stream()
                .filter(line -> line.has("loss"))
                .map(line -> line.get("loss").doubleValue())
                .toList();
    }

    private static List<JsonNode> metrics(RunDirectory run) {
        return new JsonLinesTail(run.metrics()).poll().lines();
    }
}
