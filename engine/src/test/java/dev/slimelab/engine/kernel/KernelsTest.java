package dev.slimelab.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;

import org.junit.jupiter.api.Test;

class KernelsTest {
    @Test
    void normIsTheEuclideanNormOfAllTensors() {
        try (Torch torch = Torch.start(1);
                NDManager scope = torch.newScope()) {
            var three = scope.create(new float[] {3, 0});
            var four = scope.create(new float[] {0, 0, 4});
            assertThat(torch.kernels().norm(scope, java.util.List.of(three, four))).isEqualTo(5.0);
        }
    }
}
