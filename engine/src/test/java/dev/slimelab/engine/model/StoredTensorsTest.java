package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class StoredTensorsTest {
    private static final String HEADER =
            """
            {"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},\
            "brain":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]},\
            "single":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},\
            "whole":{"dtype":"I32","shape":[1],"data_offsets":[12,16]}}\
            """;

    @TempDir Path folder;

    /// Padding 0 leaves the tensors at even addresses, 1 at odd ones.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void tensorsAreReadWhereverTheyStart(int padding) throws IOException {
        Path path = write(padding);
        try (Safetensors file = Safetensors.open(path);
                NDManager scope = Fixtures.TORCH.newScope()) {
            var stored = new StoredTensors(Fixtures.TORCH.kernels(), scope, file);
            assertThat(wide(scope, stored.read("half"))).containsExactly(1f, -0.5f);
            assertThat(wide(scope, stored.read("brain"))).containsExactly(1f, -2f);
            assertThat(wide(scope, stored.read("single"))).containsExactly(0.25f);
            assertThat(stored.read("brain").getShape().getShape()).containsExactly(1, 2);
        }
    }

    @Test
    void integersAreNoWeights() throws IOException {
        Path path = write(0);
        try (Safetensors file = Safetensors.open(path);
                NDManager scope = Fixtures.TORCH.newScope()) {
            var stored = new StoredTensors(Fixtures.TORCH.kernels(), scope, file);
            assertThatThrownBy(() -> stored.read("whole"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("Tensor whole in " + path + " has type I32");
        }
    }

    private static float[] wide(NDManager scope, NDArray tensor) {
        return Fixtures.TORCH.kernels().cast(scope, tensor, Precision.FLOAT32).toFloatArray();
    }

    private Path write(int padding) throws IOException {
        byte[] header = (HEADER + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        bytes.putShort((short) 0x3C00).putShort((short) 0xB800);
        bytes.putShort((short) 0x3F80).putShort((short) 0xC000);
        bytes.putFloat(0.25f).putInt(7);
        return Files.write(folder.resolve("mixed.safetensors"), bytes.array());
    }
}
