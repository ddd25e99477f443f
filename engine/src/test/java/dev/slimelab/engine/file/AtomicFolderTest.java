package dev.slimelab.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class AtomicFolderTest {
    @TempDir private Path folder;

    @Test
    void contentThatFailsLeavesNothing() {
        assertThatThrownBy(
                        () ->
                                AtomicFolder.write(
                                        folder.resolve("whole"),
                                        aside -> {
                                            AtomicFile.write(aside.resolve("half"), "x");
                                            throw new IllegalStateException("stop");
                                        }))
                .hasMessage("stop");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void contentThatIsWrittenAppearsUnderItsName() {
        AtomicFolder.writeWithSums(
                folder.resolve("whole"), aside -> AtomicFile.write(aside.resolve("file"), "x"));
        assertThat(folder.resolve("whole/file")).hasContent("x");
        assertThat(AtomicFolder.damage(folder.resolve("whole"))).isNull();
        assertThat(folder.resolve("whole.part")).doesNotExist();
    }
}
