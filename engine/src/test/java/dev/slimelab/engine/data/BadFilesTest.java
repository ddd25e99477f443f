package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.SharedFolder;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/// What `verify` does not say of the malformed and odd files of the shared folder.
class BadFilesTest {
    @Test
    void aLineOfThreeMegabytesIsReadInLinearTime() {
        long start = System.nanoTime();
        assertThat(read("long_line.jsonl")).hasSize(3);
        assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(3);
    }

    @Test
    void theLastOfTwoValuesOfAFieldCounts() {
        assertThat(read("duplicate_keys.jsonl").get(1).usableRow())
                .extracting(row -> row.content().chosenText())
                .isEqualTo("second");
    }

    @Test
    void aDamagedRowOfATableCostsThatRowOnly() {
        assertThat(read("latin1.csv"))
                .extracting(reading -> reading.problems().getFirst().place().line())
                .containsExactly(2, 3);
    }

    private static List<RowReading> read(String file) {
        try (Stream<RowReading> readings = Rows.of(SharedFolder.path("data/bad/" + file))) {
            return readings.toList();
        }
    }
}
