package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.util.ArrayList;
import java.util.List;

class SpareMemoryTest {
    private static final int BLOCKS = 8_000;
    private static final int BLOCK_BYTES = 1 << 16;

    @Test
    void whatNothingUsesGoesBackOnceItIsMuch() {
        assumeTrue(
                Linker.nativeLinker().defaultLookup().find("malloc_trim").isPresent(),
                "This system's memory is not glibc's.");
        var spare = new SpareMemory();
        spare.giveBack();
        spare.giveBack(); // what is there after the first step is needed
        List<Arena> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            Arena block = Arena.ofConfined();
            block.allocate(BLOCK_BYTES).fill((byte) 1);
            blocks.add(block);
        }
        double full = ProcessMemory.residentBytes();
        for (int i = 0; i < BLOCKS; i += 2) { // what lies between holds malloc's heap together
            blocks.get(i).close();
        }
        double freed = 0.5 * BLOCKS * BLOCK_BYTES;
        assertThat(ProcessMemory.residentBytes()).isGreaterThan(full - 0.3 * freed);

        spare.giveBack();
        assertThat(ProcessMemory.residentBytes()).isLessThan(full - 0.7 * freed);

        for (int i = 1; i < BLOCKS; i += 2) {
            blocks.get(i).close();
        }
    }
}
