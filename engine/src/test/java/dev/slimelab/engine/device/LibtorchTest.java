package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Libtorch is judged by what its files say, before anything is loaded.
class LibtorchTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @ParameterizedTest
    @CsvSource({"2.7.1+cu128, 12.8, cu128", "2.7.1, 12.8, cu128", "2.7.1+cu126, 12.6, cu126"})
    void aPythonInstallationSaysVersionAndCuda(String version, String cuda, String flavour) {
        Path torch = FakeTorch.pip(folder, version, cuda);
        Libtorch libtorch = Libtorch.in(torch, "X");
        assertThat(libtorch).isEqualTo(new Libtorch(torch.resolve("lib"), "2.7.1", flavour));
        assertThat(Libtorch.in(torch.resolve("lib"), "X")).isEqualTo(libtorch);
    }

    @Test
    void aDownloadSaysItInBuildVersion() {
        Path libtorch = FakeTorch.unzipped(folder.resolve("whatever-2.4"), "2.7.1+cu128");
        assertThat(Libtorch.in(libtorch, "X").requireCuda().flavour()).isEqualTo("cu128");
        assertThat(Libtorch.in(FakeTorch.cpu(folder.resolve("c"), "2.7.1+cpu"), "X").flavour())
                .isEqualTo("cpu");
    }

    @Test
    void withoutSuchAFileTheLibraryItselfIsRead() throws IOException {
        Path libtorch = FakeTorch.unzipped(folder, "");
        Files.delete(libtorch.resolve("build-version"));
        FakeTorch.write(
                libtorch.resolve("lib/" + System.mapLibraryName("torch_cpu")),
                "x".repeat(100) + "\0pytorch\0GraphEncoder\0002.7.1\0" + "y".repeat(100));
        FakeTorch.write(libtorch.resolve("lib/libnvrtc-builtins.so.12.8"), "");
        assertThat(Libtorch.in(libtorch, "X"))
                .isEqualTo(new Libtorch(libtorch.resolve("lib"), "2.7.1", "cu128"));
    }

    @Test
    void whatSaysNothingIsRefused() {
        Path libtorch = FakeTorch.unzipped(folder, "");
        assertThatThrownBy(() -> Libtorch.in(libtorch, "SLIMELAB_TORCH"))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "SLIMELAB_TORCH names", "does not say what version", "pip install");
    }

    @Test
    void anotherVersionIsRefusedWithBoth() {
        Path torch = FakeTorch.pip(folder, "2.13.0+cu128", "12.8");
        assertThatThrownBy(() -> Libtorch.in(torch, "X").requireCuda())
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("is libtorch 2.13.0", "needs 2.7.1", "whl/cu128");
    }

    @Test
    void anotherCudaIsRefusedWithBoth() {
        Path torch = FakeTorch.pip(folder, "2.7.1+cu126", "12.6");
        assertThatThrownBy(() -> Libtorch.in(torch, "X").requireCuda())
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("for cu126", "built for cu128", "whl/cu128");
    }

    @Test
    void missingLibrariesAreNamed() throws IOException {
        Path torch = FakeTorch.pip(folder, "2.7.1+cu128", "12.8");
        Files.delete(folder.resolve("nvidia/cublas/lib/libcublas.so.12"));
        Files.delete(torch.resolve("lib/" + System.mapLibraryName("c10_cuda")));
        assertThatThrownBy(() -> Libtorch.in(torch, "X").requireCuda())
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("lacks", "c10_cuda", "libcublas")
                .hasMessageNotContaining("libcublasLt")
                .hasMessageNotContaining("cudnn");
    }

    @Test
    void whatIsNoLibtorchIsRefused() {
        assertThatThrownBy(() -> Libtorch.in(folder, "X"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("holds no libtorch");
        assertThatThrownBy(() -> Libtorch.in(folder.resolve("nowhere"), "X"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is no folder");
    }
}
