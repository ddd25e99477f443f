package dev.slimelab.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MemoryTest {
    @TempDir private Path folder;

    @Test
    void theNextWindowFindsWhatThisOneLeft() {
        Path file = folder.resolve("deep/window.json");
        Memory memory = Memory.of(file);
        memory.writeWith(Runnable::run);
        assertThat(memory.word("page", "Live").get()).isEqualTo("Live");
        memory.word("page", "Live").set("Compare");
        assertThat(Memory.of(file).word("page", "Live").get()).isEqualTo("Compare");
        assertThat(folder.resolve("deep")).isDirectoryContaining(path -> path.equals(file));
    }

    @Test
    void aFileThatIsNoMemoryIsAsGoodAsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("window.json"), "[1, 2");
        assertThat(Memory.of(file).word("page", "Live").get()).isEqualTo("Live");
    }
}
