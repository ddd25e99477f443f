package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.SharedFolder;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/// Whatever is done to the bytes of a file, reading ends, and says what it found as values.
class DamagedFilesTest {
    private static final int DAMAGES = 60;

    @TempDir private Path folder;

    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {
                "multiturn_pairs.jsonl",
                "multiturn_sharegpt_ranking.json",
                "hh_rlhf_mild.jsonl.gz",
                "h2o_flat.csv",
                "ultrafeedback_zstd.parquet",
                "bad/null_columns.parquet",
                "bad/nan_scores.parquet"
            })
    void damageOfAnyKindIsReadToItsEnd(String name) throws Exception {
        byte[] whole = Files.readAllBytes(SharedFolder.path("data/" + name));
        Path file = folder.resolve(Path.of(name).getFileName());
        var random = new Random(7);
        int noticed = 0;
        for (int i = 0; i < DAMAGES; i++) {
            Files.write(file, damaged(whole, i, random));
            try (Stream<RowReading> readings = Rows.of(file)) {
                noticed += readings.anyMatch(reading -> !reading.problems().isEmpty()) ? 1 : 0;
            }
        }
        assertThat(noticed).as("damages noticed").isGreaterThan(DAMAGES / 3);
    }

    /// Cut, or a few bytes changed, or a stretch of noise.
    private static byte[] damaged(byte[] whole, int kind, Random random) {
        if (kind % 3 == 0) {
            return Arrays.copyOf(whole, random.nextInt(whole.length));
        }
        byte[] bytes = whole.clone();
        int from = random.nextInt(bytes.length);
        int length = kind % 3 == 1 ? 1 : Math.min(200, bytes.length - from);
        for (int i = 0; i < length; i++) {
            bytes[from + i] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
