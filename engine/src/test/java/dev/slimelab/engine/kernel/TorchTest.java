package dev.slimelab.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.Libtorch;
import dev.slimelab.engine.kernel.Kernels.Traffic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.util.List;

class TorchTest {
    private static final Torch TORCH = Torch.start(new Device.Cpu(), 1);

    @AfterAll
    static void close() {
        TORCH.close();
    }

    @Test
    void normIsTheEuclideanNormOfAllTensors() {
        try (NDManager scope = TORCH.newScope()) {
            NDArray three = TORCH.kernels().upload(scope, new float[] {3, 0});
            NDArray four = TORCH.kernels().upload(scope, new float[] {0, 0, 4});
            assertThat(TORCH.kernels().norm(scope, List.of(three, four))).isEqualTo(5.0);
        }
    }

    @Test
    void theVersionIsTheOneTheJniLibraryNeeds() {
        assertThat(TORCH.version()).isEqualTo(Libtorch.VERSION);
        assertThat(TORCH.choice().device()).isEqualTo(new Device.Cpu());
    }

    @Test
    void whatGoesThereAndComesBackIsTheSameAndCounted() {
        Kernels kernels = TORCH.kernels();
        Traffic before = kernels.traffic();
        try (NDManager scope = TORCH.newScope()) {
            NDArray[] parts = kernels.uploadTogether(scope, new long[] {1, 2, 3}, new long[] {4});
            NDArray table = kernels.upload(scope, new double[] {1, 2, 3, 4}, 2, 2);
            assertThat(kernels.longs(parts[0])).containsExactly(1, 2, 3);
            assertThat(kernels.longs(parts[1])).containsExactly(4);
            assertThat(kernels.doubles(kernels.column(scope, table, 1))).containsExactly(2, 4);
        }
        assertThat(kernels.traffic().minus(before)).isEqualTo(new Traffic(2, 64, 3, 48));
    }

    @Test
    void parkedTensorsGiveTheirMemoryBackAndReturnWithTheirValues() {
        try (NDManager scope = TORCH.newScope()) {
            Kernels kernels = TORCH.kernels();
            NDArray numbers = kernels.upload(scope, new double[] {1, 2, 3}, 3, 1);
            NDArray narrow = kernels.cast(scope, numbers, Precision.BFLOAT16);
            try (Torch.Parked _ = TORCH.park()) {
                assertThat(kernels.doubles(numbers)).as("while parked").isEmpty();
                assertThat(kernels.bytes(narrow).remaining()).isZero();
            }
            assertThat(kernels.doubles(numbers)).containsExactly(1, 2, 3);
            NDArray wide = kernels.cast(scope, narrow, Precision.FLOAT64);
            assertThat(kernels.doubles(wide)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aFullDeviceIsToldFromOtherFailures() {
        Torch full = FaultyTorch.outOfMemory(TORCH, "norm", 1);
        try (NDManager scope = TORCH.newScope()) {
            List<NDArray> tensors = List.of(full.kernels().upload(scope, new float[] {3, 4}));
            assertThatThrownBy(() -> full.kernels().norm(scope, tensors))
                    .isInstanceOf(OutOfDeviceMemory.class)
                    .hasMessage(
                            "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total"
                                    + " capacity of 79.10 GiB of which 1.12 GiB is free");
            assertThat(full.kernels().norm(scope, tensors)).as("the next call").isEqualTo(5.0);
            assertThatThrownBy(
                            () ->
                                    full.kernels()
                                            .product(scope, tensors.getFirst(), tensors.getFirst()))
                    .isNotInstanceOf(OutOfDeviceMemory.class);
        }
    }

    /// What libtorch really says where even the host has not enough: 2^50 bytes.
    @Test
    void soIsAFullHost() {
        try (NDManager scope = TORCH.newScope()) {
            assertThatThrownBy(() -> TORCH.kernels().zeros(scope, Precision.FLOAT64, 1L << 47))
                    .isInstanceOf(OutOfDeviceMemory.class);
        }
    }
}
