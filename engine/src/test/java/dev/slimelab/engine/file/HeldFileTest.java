package dev.slimelab.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class HeldFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("lock");
    }

    @Test
    void oneAtATime() throws IOException {
        try (HeldFile _ = requireNonNull(HeldFile.tryTake(file))) {
            assertThat(isFree(file)).isFalse();
            assertThat(isFree(folder.resolve("../" + folder.getFileName() + "/lock"))).isFalse();
        }
        assertThat(isFree(file)).isTrue();
    }

    /// A refused second taker in this process must not open the file for other processes.
    @Test
    void anotherProcessIsKeptOutWhateverThisOneTries() throws Exception {
        try (HeldFile _ = requireNonNull(HeldFile.tryTake(file))) {
            assertThat(isFree(file)).isFalse();
            assertThat(otherProcessTakes()).isFalse();
        }
        assertThat(otherProcessTakes()).isTrue();
    }

    @Test
    void severalThreadsTakeTurns() throws Exception {
        Path counter = Files.writeString(folder.resolve("count"), "0");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var added =
                    threads.invokeAll(
                            Collections.nCopies(
                                    40,
                                    () -> {
                                        try (HeldFile _ = HeldFile.take(file)) {
                                            int before =
                                                    Integer.parseInt(Files.readString(counter));
                                            Files.writeString(
                                                    counter, Integer.toString(before + 1));
                                            return before;
                                        }
                                    }));
            for (var one : added) {
                one.get();
            }
        }
        assertThat(counter).hasContent("40");
    }

    private static boolean isFree(Path file) throws IOException {
        try (@Nullable HeldFile held = HeldFile.tryTake(file)) {
            return held != null;
        }
    }

    private boolean otherProcessTakes() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                                java.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Taker.class.getName(),
                                file.toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    /// Exits with 0 where it could take the file.
    static final class Taker {
        public static void main(String[] arguments) throws IOException {
            System.exit(isFree(Path.of(arguments[0])) ? 0 : 1);
        }
    }
}
