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

    @Test
    void twoWindowsKeepEachTheirOwnChanges() {
        Path file = folder.resolve("window.json");
        try (Memory first = Memory.of(file);
                Memory second = Memory.of(file)) {
            first.writeWith(Runnable::run);
            second.writeWith(Runnable::run);
            assertThat(first.seat()).isEqualTo(1);
            assertThat(second.seat()).isEqualTo(2);
            first.word("page", "Live").set("Compare");
            second.word("columns", "").set("run:name");
            first.word("textScale", "100").set("125");
        }
        try (Memory next = Memory.of(file)) {
            assertThat(next.seat()).isEqualTo(1);
            assertThat(next.word("page", "Live").get()).isEqualTo("Compare");
            assertThat(next.word("columns", "").get()).isEqualTo("run:name");
            assertThat(next.word("textScale", "100").get()).isEqualTo("125");
        }
    }
}
