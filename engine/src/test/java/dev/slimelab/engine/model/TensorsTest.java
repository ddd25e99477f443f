package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class TensorsTest {
    /// Normal numbers come in pairs, so a part of odd length would lose one.
    @Test
    void numbersMadeInPartsAreThoseMadeAtOnce() {
        int width = (1 << 19) + 1;
        float[] whole = new SplitMix64(3).normals(3L * width, 0.02);
        SplitMix64 again = new SplitMix64(3);
        List<Integer> counts = new ArrayList<>();
        try (NDManager scope = Fixtures.TORCH.newScope()) {
            Kernels kernels = Fixtures.TORCH.kernels();
            NDArray made =
                    Tensors.made(
                            kernels,
                            scope,
                            Precision.FLOAT32,
                            count -> {
                                counts.add(count);
                                return again.normals(count, 0.02);
                            },
                            3,
                            width);
            assertThat(made.toFloatArray()).isEqualTo(whole);
        }
        assertThat(counts).containsExactly(2 * width, width);
    }
}
