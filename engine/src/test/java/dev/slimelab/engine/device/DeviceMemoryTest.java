package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DeviceMemoryTest {
    private static final double MEBIBYTE = 1 << 20;

    @TempDir private Path folder;

    /// The tool says what stands in a file of the GPU's name.
    @Test
    void ofSeveralTheFullestCountsAndThePeakStays() throws Exception {
        var smi = new NvidiaSmi(List.of("sh", "-c", "cat '" + folder + "'/\"${1#--id=}\""), null);
        List<Gpu> gpus = List.of(gpu(0, "GPU-a"), gpu(1, "GPU-b"));
        try (var memory = new DeviceMemory(smi, gpus)) {
            assertThat(memory.peakBytes()).as("before the first look").isNaN();
            look(memory, "100", "700");
            look(memory, "300", "200");
            assertThat(memory.usedBytes()).isEqualTo(300 * MEBIBYTE);
            assertThat(memory.peakBytes()).isEqualTo(700 * MEBIBYTE);
        }
    }

    private void look(DeviceMemory memory, String first, String second) throws Exception {
        Files.writeString(folder.resolve("GPU-a"), first);
        Files.writeString(folder.resolve("GPU-b"), second);
        memory.look();
    }

    private static Gpu gpu(int index, String uuid) {
        return new Gpu(index, uuid, "A", 1, "570.1", 8.6);
    }
}
