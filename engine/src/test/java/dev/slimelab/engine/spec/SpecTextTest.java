package dev.slimelab.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText.Format;
import dev.slimelab.engine.spec.SpecText.NotUnderstood;
import dev.slimelab.engine.spec.SpecText.Understood;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SpecTextTest {
    private static final String YAML =
            """
            # as one writes it
            name: no            # a word, not false
            model: {path: tiny, tokenizerPath: ~}
            data:
              format: tiny-lab
            objective:
              preset: slime
              stabiliser:
                p: 2
            optimization:
              learningRate: 5e-7
              maxSteps: 10
            adapter:
              kind: lora
              targets:
                - q_proj
                - "v_proj"
            """;

    @TempDir private Path folder;

    @Test
    void aYamlFileIsASpecAsItsJsonWouldBe() throws Exception {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, YAML);
        RunSpec spec = SpecJson.read(file, List.of("optimization.batchPairs=4"));
        assertThat(spec.name()).isEqualTo("no");
        assertThat(spec.model().path()).isEqualTo(folder.resolve("tiny").toString());
        assertThat(spec.optimization().learningRate()).isEqualTo(5e-7);
        assertThat(spec.optimization().maxSteps()).isEqualTo(10);
        assertThat(spec.optimization().batchPairs()).isEqualTo(4);
        assertThat(spec.objective().latex()).isEqualTo(Preset.SLIME.objective().latex());
        assertThat(((RunSpec.Adapter.Lora) spec.adapter()).targets())
                .containsExactly("q_proj", "v_proj");
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyObjectiveSurvivesBothFormats(Preset preset) {
        var tree = SpecJson.toTree(preset.objective());
        for (Format format : Format.values()) {
            var reading = SpecText.read(SpecText.write(tree, format), format);
            assertThat(reading)
                    .isInstanceOfSatisfying(
                            Understood.class,
                            understood ->
                                    assertThat(SpecJson.objective(understood.tree()))
                                            .isEqualTo(preset.objective()));
        }
    }

    @Test
    void wordsThatLookLikeNumbersStayWords() {
        var tree = SpecJson.toTree(SpecJson.fromTree(understood(YAML, Format.YAML).tree()));
        tree.put("name", "5e7");
        assertThat(understood(SpecText.write(tree, Format.YAML), Format.YAML).tree())
                .isEqualTo(understood(SpecText.write(tree, Format.JSON), Format.JSON).tree());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: &x 1\nb: *x' | 1 | anchor (&x)",
                "'a: 1\nb: !mine 2' | 2 | tag (!mine)",
                "'a: 1\n<<: {b: 2}' | 2 | merge key",
                "'a: 1\n---\nb: 2' | 2 | several YAML documents",
                "'a: 1\nb: 2\na: 3' | 3 | says \"a\" twice",
                "'a: 1\n2: 3' | 2 | key that is no word",
                "'a: .inf' | 1 | no finite number",
                "'a: 0x10' | 1 | only decimal numbers",
                "'a: 1\n b: [2' | 2 | is not YAML",
                "'just words' | 0 | holds no settings",
            })
    void whatJsonCannotSayIsRefusedByNameAndLine(String text, int line, String why) {
        assertThat(SpecText.read(text, Format.YAML))
                .isInstanceOfSatisfying(
                        NotUnderstood.class,
                        refused -> {
                            assertThat(refused.why()).contains(why);
                            assertThat(refused.line()).isEqualTo(line);
                        });
    }

    @Test
    void aFileThatIsRefusedIsNamedWithItsLine() throws Exception {
        Path file = folder.resolve("mine.yml");
        Files.writeString(file, "name: a\nmodel: &m {path: tiny}\n");
        assertThatThrownBy(() -> SpecJson.read(file, List.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("mine.yml:2 has an anchor (&m)");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aRefusalIsPlacedAtItsLine(Format format) {
        var tree = understood(YAML, Format.YAML).tree();
        tree.withObject("/optimization").put("learningRate", -1);
        Understood text = understood(SpecText.write(tree, format), format);
        int line = text.line(refusal(text));
        assertThat(SpecText.write(tree, format).lines().toList().get(line - 1))
                .contains("learningRate");
    }

    @Test
    void anUnknownKeyIsPlacedAndWhatIsMissingIsPlacedAtItsSection() {
        Understood unknown = understood(YAML + "  tragets: []\n", Format.YAML);
        assertThat(unknown.line(refusal(unknown))).isEqualTo(18);
        Understood missing = understood(YAML.replace("{path: tiny,", "{"), Format.YAML);
        assertThat(refusal(missing).what()).startsWith("model");
        assertThat(missing.line(refusal(missing))).isEqualTo(3);
    }

    private static Understood understood(String text, Format format) {
        return (Understood) SpecText.read(text, format);
    }

    private static Problem refusal(Understood text) {
        try {
            SpecJson.fromTree(text.tree());
        } catch (Problem refused) {
            return refused;
        }
        throw new AssertionError("was not refused");
    }
}
