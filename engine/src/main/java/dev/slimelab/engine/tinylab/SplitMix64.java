package dev.slimelab.engine.tinylab;

import java.util.ArrayList;
import java.util.List;

/// The corpus' source of randomness: the same integers on every machine and every JDK.
///
/// SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA
/// 2014), with the constants of Vigna's public-domain `splitmix64.c`. Written out because the JDK
/// documents the quality of `SplittableRandom`, not its numbers.
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long seed) {
        this.state = seed;
    }

    /// All 64 bits are uniform.
    public long nextLong() {
        state += GOLDEN_GAMMA;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /// A whole number from 0 to `bound - 1`: the upper half of the 128-bit product (Lemire 2019),
    /// whose bias is below `bound / 2^64`.
    public int below(int bound) {
        return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /// A whole number from `first` to `last`, both included.
    public int between(int first, int last) {
        return first + below(last - first + 1);
    }

    public boolean chance(int percent) {
        return below(100) < percent;
    }

    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /// One of the choices that are not in `taken`.
    public <T> T pickOther(List<T> choices, List<T> taken) {
        return pick(choices.stream().filter(choice -> !taken.contains(choice)).toList());
    }

    /// `count` different members of `choices`, in random order (the first steps of a Fisher–Yates
    /// shuffle).
    public <T> List<T> sample(List<T> choices, int count) {
        List<T> pool = new ArrayList<>(choices);
        for (int i = 0; i < count; i++) {
            int j = between(i, pool.size() - 1);
            T drawn = pool.get(j);
            pool.set(j, pool.get(i));
            pool.set(i, drawn);
        }
        return List.copyOf(pool.subList(0, count));
    }
}
