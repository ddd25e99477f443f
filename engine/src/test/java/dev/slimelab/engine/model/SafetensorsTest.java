package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class SafetensorsTest {
    @TempDir Path folder;

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("x.safetensors");
        var tensors = new LinkedHashMap<String, Safetensors.Content>();
        tensors.put("a", content(1, 2, 3, 4));
        tensors.put("b", content(5));
        Safetensors.write(file, tensors, Map.of("steps", "7"));
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.names()).containsExactly("a", "b");
            assertThat(read.metadata()).containsEntry("steps", "7");
            assertThat(ParityTest.floats(read, "a")).containsExactly(1, 2, 3, 4);
            assertThat(ParityTest.floats(read, "b")).containsExactly(5);
            assertThat(read.entry("a").shape()).containsExactly(4L);
        }
        assertThat(folder).isDirectoryContaining("glob:**x.safetensors");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | tensor a ends at byte 8 of 4, so the file is cut short",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 12 | its tensors end at byte 8 of 12",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | tensor a of type F32 and shape [3] takes 12 bytes, not 8",
                "{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}} | 8 | tensor a has the unknown type \"Q4\"",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | 8 | tensor a has the shape [-2]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | tensor a has the offsets [8,0]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 | tensor b starts at byte 4, but 8 was expected",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}} | 8 | tensor a of type F32",
                "{\"a\":1} | 0 | tensor a has the unknown type",
                "[1,2] | 0 | its header is no JSON object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | its header is no valid JSON",
                "{\"a\" | 0 | its header is no valid JSON",
            })
    void aContradictoryFileIsRefusedByName(String header, int dataBytes, String message)
            throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        assertRefused(file.array(), message);
    }

    @Test
    void aFileThatEndsInItsHeaderIsRefused() throws IOException {
        byte[] bytes = new byte[20];
        bytes[0] = 100;
        assertRefused(bytes, "it ends inside its header");
        assertRefused(Arrays.copyOf(bytes, 5), "does not start with the length of a header");
        Arrays.fill(bytes, (byte) 0x7f);
        assertRefused(bytes, "does not start with the length of a header");
    }

    @Test
    void aMissingFileIsRefused() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none.safetensors")).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("none.safetensors cannot be read");
    }

    private void assertRefused(byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("broken.safetensors"), content);
        assertThatThrownBy(() -> Safetensors.open(file).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("broken.safetensors")
                .hasMessageContaining(message);
    }

    private static Safetensors.Content content(float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Safetensors.Content("F32", List.of((long) values.length), bytes);
    }
}
