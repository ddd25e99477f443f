package dev.slimelab.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TorchTest {
    @TempDir Path folder;

    @Test
    void normIsTheEuclideanNormOfAllTensors() {
        try (Torch torch = Torch.start(1);
                NDManager scope = torch.newScope()) {
            var three = scope.create(new float[] {3, 0});
            var four = scope.create(new float[] {0, 0, 4});
            assertThat(torch.kernels().norm(scope, java.util.List.of(three, four))).isEqualTo(5.0);
        }
    }

    @Test
    void theVersionIsTheOneTheJniLibraryNeeds() {
        try (Torch torch = Torch.start(1)) {
            assertThat(torch.version()).isEqualTo(LibtorchVersion.REQUIRED);
        }
    }

    @Test
    void anotherLibtorchIsRefusedBeforeItIsLoaded() throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("torch/lib"));
        Files.writeString(folder.resolve("torch/version.py"), "__version__ = '2.4.1+cu124'\n");
        assertThatThrownBy(() -> LibtorchVersion.check(libraries.toString()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("version is 2.4.1; this engine needs 2.7.1");
    }

    @Test
    void aLibtorchOfUnknownVersionIsRefused() {
        assertThatThrownBy(() -> LibtorchVersion.check(folder.toString()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("version is unknown");
    }

    @Test
    void theRightLibtorchIsAccepted() throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("libtorch/lib"));
        Files.writeString(folder.resolve("libtorch/build-version"), "2.7.1+cu128\n");
        assertThatCode(() -> LibtorchVersion.check(libraries.toString()))
                .doesNotThrowAnyException();
    }
}
