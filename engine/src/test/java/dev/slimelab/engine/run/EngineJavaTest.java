package dev.slimelab.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class EngineJavaTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(EngineJava.CLASSES);
    }

    @Test
    void withoutAFileOfPreparedClassesNothingIsSaidOfOne() {
        assertThat(EngineJava.command(JAVA, "engine.jar"))
                .containsExactly(
                        JAVA.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        "engine.jar");
    }

    @Test
    void theEnvironmentIsAsMeasuredUnlessTheUserSaidOtherwise() {
        Map<String, String> users = System.getenv();
        Map<String, String> told = EngineJava.process(List.of("java")).environment();
        assertThat(told).containsAllEntriesOf(users);
        Map.of(
                        "MALLOC_ARENA_MAX", "1",
                        "MALLOC_MMAP_MAX_", "0",
                        "MALLOC_TRIM_THRESHOLD_", "1099511627776",
                        "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256")
                .forEach(
                        (name, value) ->
                                assertThat(told)
                                        .containsEntry(name, users.getOrDefault(name, value)));
    }

    @Test
    void aFileThatIsMissingOrNoneOfThisBuildIsNoMatter() throws IOException, InterruptedException {
        Path missing = folder.resolve("missing.aot");
        Path damaged = Files.writeString(folder.resolve("damaged.aot"), "no classes");
        for (Path file : List.of(missing, damaged)) {
            System.setProperty(EngineJava.CLASSES, file.toString());
            List<String> command = new ArrayList<>(EngineJava.command(JAVA, "engine.jar"));
            assertThat(command)
                    .contains("-XX:AOTCache=" + file)
                    .contains("-Dslimelab.engine.classes=" + file);
            command.add("--version");

            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).isZero();
            assertThat(said).doesNotContain("aot").doesNotContain("rror");
        }
    }
}
