package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

class TorchPackTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TorchPack pack;

    @BeforeEach
    void name() {
        pack = new TorchPack(folder.resolve("data/torch"));
    }

    @Test
    void aPythonInstallationIsCopiedWithItsCudaAndNothingOfPython() {
        Libtorch installed = pack.install(FakeTorch.pip(folder, "2.7.1+cu128", "12.8"));
        assertThat(installed)
                .isEqualTo(
                        new Libtorch(
                                pack.path().toAbsolutePath().resolve("torch/lib"),
                                "2.7.1",
                                "cu128"));
        assertThat(pack.path().resolve("nvidia/cublas/lib/libcublas.so.12")).exists();
        assertThat(pack.path().resolve("torch/lib/libtorch_python.so")).doesNotExist();
        assertThat(pack.path().resolve("manifest.json"))
                .content()
                .contains("\"version\" : \"2.7.1\"", "\"flavour\" : \"cu128\"");
        assertThat(pack.damage()).isNull();
    }

    @Test
    void aZipIsInstalledLikeItsFolder() throws IOException {
        Path unzipped = FakeTorch.unzipped(folder.resolve("libtorch"), "2.7.1+cu128");
        Path zip = folder.resolve("libtorch.zip");
        try (FileSystem inside =
                        FileSystems.newFileSystem(
                                URI.create("jar:" + zip.toUri()), Map.of("create", "true"));
                Stream<Path> files = Files.walk(unzipped)) {
            for (Path file : files.toList()) {
                Path entry = inside.getPath("/libtorch", unzipped.relativize(file).toString());
                Files.createDirectories(entry.getParent());
                if (Files.isRegularFile(file)) {
                    Files.copy(file, entry);
                }
            }
        }
        assertThat(pack.install(zip).flavour()).isEqualTo("cu128");
        assertThat(pack.damage()).isNull();
        assertThat(pack.folder()).isDirectoryNotContaining(f -> f.toString().endsWith(".part"));
    }

    @Test
    void whatIsNotTheRightOneLeavesNothingBehind() {
        Path wrong = FakeTorch.pip(folder, "2.6.0+cu124", "12.4");
        assertThatThrownBy(() -> pack.install(wrong))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("2.6.0");
        assertThat(pack.isInstalled()).isFalse();
        assertThat(pack.folder()).isEmptyDirectory();
    }

    @Test
    void aSecondOneIsRefused() {
        Path torch = FakeTorch.pip(folder, "2.7.1+cu128", "12.8");
        pack.install(torch);
        assertThatThrownBy(() -> pack.install(torch))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is installed");
    }

    @Test
    void aMissingFileIsSeenBeforeItIsLoaded() throws IOException {
        pack.install(FakeTorch.pip(folder, "2.7.1+cu128", "12.8"));
        Files.delete(pack.path().resolve("nvidia/cudnn/lib/libcudnn.so.9"));
        assertThatThrownBy(() -> pack.open())
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("damaged", "libcudnn.so.9", "--install-torch");
    }

    @Test
    void aChangedByteIsSeenByTheSums() throws IOException {
        pack.install(FakeTorch.pip(folder, "2.7.1+cu128", "12.8"));
        Path file = pack.path().resolve("nvidia/cudnn/lib/libcudnn.so.9");
        Files.writeString(file, Files.readString(file).replace('c', 'k'));
        assertThat(pack.open().version()).isEqualTo("2.7.1"); // the size is the same
        assertThat(pack.damage()).contains("libcudnn.so.9");
    }
}
