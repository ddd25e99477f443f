package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.model.PassOptions.Scored;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/// Blocks against the definition of who sees whom.
class AttentionBlocksTest {
    private static final long SEGMENTS_PER_ROW = 1L << 20;
    private static final ModelConfig CONFIG = Fixtures.tiny(true, 4096);

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 100, 127, 128, 129, 200, 1000, Integer.MAX_VALUE})
    void everyQuerySeesWhatItShouldAndMasksHideTheRest(long window) {
        Random random = new Random(window);
        for (int trial = 0; trial < 20; trial++) {
            Batch batch =
                    new Batch(
                            rows(random),
                            CONFIG,
                            Scored.COMPLETIONS,
                            EnumSet.allOf(Shortcut.class));
            AttentionBlocks blocks = AttentionBlocks.of(batch, window);
            int[] computed = new int[batch.ids.length];
            for (int b = 0; b < blocks.masked().length; b++) {
                List<Integer> keys = keys(blocks, b);
                int unmasked = keys.size() - (int) blocks.masked()[b];
                for (int query = (int) blocks.ranges()[6 * b];
                        query < blocks.ranges()[6 * b + 1];
                        query++) {
                    computed[query]++;
                    for (int key = 0; key < batch.ids.length; key++) {
                        int at = keys.indexOf(key);
                        if (sees(batch, query, key, window)) {
                            assertThat(at).as("%d sees %d", query, key).isNotNegative();
                        } else {
                            assertThat(at == -1 || at >= unmasked)
                                    .as("%d does not see %d", query, key)
                                    .isTrue();
                        }
                    }
                }
            }
            assertThat(computed).containsOnly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 1024})
    void littleIsComputedThatNobodySees(int length) {
        Random random = new Random(1);
        Row row =
                Row.of(
                        Fixtures.tokens(random, length, 37),
                        Fixtures.tokens(random, length, 37),
                        Fixtures.tokens(random, length, 37));
        Batch batch =
                new Batch(List.of(row), CONFIG, Scored.COMPLETIONS, EnumSet.allOf(Shortcut.class));
        AttentionBlocks blocks = AttentionBlocks.of(batch, Integer.MAX_VALUE);
        long scores = 0;
        for (int b = 0; b < blocks.masked().length; b++) {
            scores +=
                    (blocks.ranges()[6 * b + 1] - blocks.ranges()[6 * b]) * keys(blocks, b).size();
        }
        double seen = 3.5 * length * length;
        assertThat(scores / seen).isLessThan(1 + 1.1 * AttentionBlocks.QUERIES / length / 2);
    }

    private static List<Integer> keys(AttentionBlocks blocks, int block) {
        List<Integer> keys = new ArrayList<>();
        for (int range = 1; range < 3; range++) {
            int at = 6 * block + 2 * range;
            for (long key = blocks.ranges()[at]; key < blocks.ranges()[at + 1]; key++) {
                keys.add(Math.toIntExact(key));
            }
        }
        return keys;
    }

    private static boolean sees(Batch batch, int query, int key, long window) {
        long segment = batch.segments[query];
        long prompt = segment - segment % SEGMENTS_PER_ROW;
        long back = batch.positions[query] - batch.positions[key];
        return back >= 0
                && back < window
                && (batch.segments[key] == segment || batch.segments[key] == prompt);
    }

    /// Long and short ones, of one completion to three, some of them empty.
    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int longest = random.nextBoolean() ? 30 : 200;
            List<int[]> completions = new ArrayList<>();
            for (int c = 0; c <= random.nextInt(3); c++) {
                completions.add(Fixtures.tokens(random, random.nextInt(longest), 37));
            }
            rows.add(
                    new Row(Fixtures.tokens(random, 1 + random.nextInt(longest), 37), completions));
        }
        return rows;
    }
}
