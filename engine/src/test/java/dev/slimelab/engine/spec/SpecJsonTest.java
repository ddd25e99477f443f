package dev.slimelab.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SpecJsonTest {
    private static final String SMALLEST =
            """
            {"model": {"path": "tiny"}, "data": {"format": "tiny-lab"}}
            """;

    @TempDir private Path folder;

    @Test
    void theSmallestSpecTakesEveryDefault() {
        RunSpec spec = read(SMALLEST);

        assertThat(spec.objective()).isEqualTo(Preset.SLIME.objective());
        assertThat(spec.stage()).isEqualTo(Stage.PREFERENCE);
        assertThat(spec.adapter()).isInstanceOf(RunSpec.Adapter.Lora.class);
        assertThat(spec.optimization().learningRate()).isEqualTo(5e-7);
        assertThat(spec.model().path()).isEqualTo(folder.resolve("tiny").toString());
    }

    @Test
    void aChatTemplateIsAFileOfTheSpecsFolderOrABuiltInName() {
        assertThat(
                        read(SMALLEST.replace(
                                        "\"data\": {", "\"data\": {\"template\": \"mine.jinja\", "))
                                .data()
                                .template())
                .isEqualTo(folder.resolve("mine.jinja").toString());
        assertThat(read(SMALLEST, "data.template=chatml").data().template()).isEqualTo("chatml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device=cpu | cpu",
                "device=cuda:2 | cuda:2",
                "device={\"kind\": \"cuda\", \"index\": 3} | cuda:3",
                "device={\"kind\": \"cuda\"} | cuda:0",
                "device=cuda:1,cuda:0 | cuda:1,cuda:0",
                "device={\"kind\": \"several\", \"devices\": [\"cpu\", \"cpu\"]} | cpu,cpu",
                "device={\"kind\": \"several\"} | cuda:0,cuda:1",
            })
    void aDeviceIsAWordOrItsObject(String change, String word) {
        RunSpec spec = read(SMALLEST, change);
        assertThat(spec.device()).hasToString(word);
        assertThat(SpecJson.fromTree(SpecJson.toTree(spec))).isEqualTo(spec);
    }

    @Test
    void aSpecSurvivesBeingWrittenAndRead() {
        RunSpec spec = read(SMALLEST, "objective.stabiliser.p=2.0", "threads=2");

        assertThat(read(SpecJson.text(spec))).isEqualTo(spec);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetSurvivesJson(Preset preset) {
        assertThat(SpecJson.objective(SpecJson.toTree(preset.objective())))
                .isEqualTo(preset.objective());
    }

    @Test
    void aPresetTakesWhatDiffers() {
        RunSpec spec =
                read(
                        """
                        {"model": {"path": "tiny"}, "data": {"format": "tiny-lab"},
                         "objective": {"preset": "slime", "stabiliser": {"p": 2.0}, "anchor": null,
                                       "contrast": {"soft": "off"}}}
                        """);

        assertThat(stabiliser(spec).p()).isEqualTo(2);
        assertThat(stabiliser(spec).delta()).isEqualTo(1.25);
        assertThat(spec.objective().anchor()).isNull();
        assertThat(spec.objective().contrast())
                .isEqualTo(
                        new DualMargin(1, DualMargin.Hard.HINGE, 1.5, DualMargin.Soft.OFF, 1, 2.5));
    }

    @Test
    void anotherKindOfATermReplacesItWhole() {
        RunSpec spec =
                read(
                        SMALLEST,
                        "objective={\"preset\":\"slime\",\"contrast\":{\"kind\":\"log-sigmoid\"}}");

        assertThat(spec.objective().contrast()).isEqualTo(Preset.DPO.objective().contrast());
    }

    @Test
    void withoutPairsTheObjectiveIsCrossEntropy() {
        assertThat(read(SMALLEST, "stage=sft").objective()).isEqualTo(Preset.SFT.objective());
    }

    @Test
    void changesReachIntoAPresetGivenByName() {
        RunSpec spec = read(SMALLEST, "objective=slime", "objective.stabiliser.p=3");

        assertThat(stabiliser(spec).p()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimization.learningrate=1 | optimization.learningrate | Did you mean \"learningRate\"",
                "objective.stabiliser.q=1 | objective.stabiliser.q | Known here",
                "objective.preset=slim | objective.preset is \"slim\" | Did you mean \"slime\"",
                "objective.stabiliser.p=0.5 | objective.stabiliser.p is 0.5 | at least 1 and at most 8",
                "optimization.learningRate=0 | optimization.learningRate is 0 | greater than 0",
                "optimization.batchPairs=2.5 | optimization.batchPairs is 2.5 | a whole number",
                "optimization.epochs=many | optimization.epochs is \"many\" | a number",
                "optimization.schedule=liner | optimization.schedule is \"liner\" | Did you mean \"linear\"",
                "adapter.kind=lorra | adapter is \"lorra\" | Did you mean \"lora\"",
                "adapter.targets=[1] | adapter.targets[0] is 1 | a string",
                "device=gpu | device is \"gpu\" | cuda:0",
                "device=cuda:64 | device is \"cuda:64\" | cuda:0",
                "device=cpu,cuda:0 | device is \"cpu,cuda:0\", which is not several of one kind | cuda:0,cuda:1",
                "device={\"kind\": \"cuda\", \"index\": 64} | device.index is 64 | at most 63",
                "name=a/b | name is \"a/b\" | letters",
                "model.config={} | model has both path and config | Give model.path",
                "seeds=1 | seeds is 1 | an object",
                "optimization=null | optimization is null | value",
            })
    void badValuesAreRefusedWithPathValueAndRemedy(String change, String what, String remedy) {
        assertThatThrownBy(() -> read(SMALLEST, change))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("spec.json")
                .hasMessageContaining(what)
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": {\"path\": \"tiny\"} | spec.json:2 is not JSON",
                "[] | holds no JSON object",
                "{} | model has neither path nor config",
                "{\"name\": \"a\", \"name\": \"b\"} | spec.json:1 is not JSON",
            })
    void brokenTextIsRefusedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> read(text + "\n"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        assertThatThrownBy(() -> SpecJson.read(folder.resolve("none.json"), List.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void onlyDifferingValuesAreDifferences() {
        RunSpec one = read(SMALLEST);
        RunSpec other = read(SMALLEST, "objective.stabiliser.p=2.0");

        assertThat(SpecJson.differences(List.of(one, other)))
                .containsOnlyKeys("objective.stabiliser.p")
                .containsEntry("objective.stabiliser.p", List.of("2.5", "2.0"));
    }

    private static SoftplusPower stabiliser(RunSpec spec) {
        return (SoftplusPower) requireNonNull(spec.objective().stabiliser());
    }

    private RunSpec read(String text, String... changes) {
        Path file = folder.resolve("spec.json");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return SpecJson.read(file, List.of(changes));
    }
}
