package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.tools.ToolProvider;

/// The worked example of `docs/contributing.md`, carried out.
class ContributorsGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "contributing.md");
    private static final Path PRESETS =
            Path.of("src/main/java/dev/slimelab/engine/objective/Preset.java");

    private static final PairLogps PAIR =
            new PairLogps(
                    new double[][] {{-0.5, -1.2, -0.1}},
                    new double[][] {{-2.0, -0.3, -4.0, -0.7}},
                    new PairLogps(
                            new double[][] {{-0.6, -1.0, -0.3}},
                            new double[][] {{-1.5, -0.4, -3.0, -0.6}}));

    @TempDir private Path classes;

    @Test
    void itsConstantIsAllThatAPresetTakes() throws Exception {
        Enum<?> added = compiledWith(block("java"));
        Objective objective =
                (Objective) added.getDeclaringClass().getMethod("objective").invoke(added);

        assertThat(added.getDeclaringClass().getMethod("id").invoke(added)).isEqualTo("irpo");
        assertThat(objective.evaluate(PAIR).value())
                .isCloseTo(Math.log1p(Math.exp(-0.16)) + 0.6, Tolerances.EXACT);
        assertThat(Files.readString(GUIDE))
                .contains(String.format(Locale.ROOT, "**%.6f**", objective.evaluate(PAIR).value()));
    }

    @Test
    void itsJsonIsTheSameObjective() throws Exception {
        Enum<?> added = compiledWith(block("java"));

        assertThat(SpecJson.objective(JsonMapper.shared().readTree(block("json"))))
                .isEqualTo(added.getDeclaringClass().getMethod("objective").invoke(added));
    }

    private static String block(String language) throws IOException {
        var block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(GUIDE));
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    /// The first constant of `Preset.java` with the example in front of all others.
    private Enum<?> compiledWith(String constant) throws Exception {
        String start = "public enum Preset {\n";
        String source = Files.readString(PRESETS).replace("\r\n", "\n");
        assertThat(source).contains(start);
        Path changed =
                Files.writeString(
                        classes.resolve("Preset.java"), source.replace(start, start + constant));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString(),
                                changed.toString());
        assertThat(status).isZero();
        try (var loader = new ChangedPresets(classes.toUri().toURL())) {
            return (Enum<?>) loader.loadClass(Preset.class.getName()).getEnumConstants()[0];
        }
    }

    /// Takes the changed presets from their folder and everything else from this program.
    private static final class ChangedPresets extends URLClassLoader {
        ChangedPresets(URL folder) {
            super(new URL[] {folder}, Preset.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Preset.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
