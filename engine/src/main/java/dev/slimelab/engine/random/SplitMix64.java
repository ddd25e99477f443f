package dev.slimelab.engine.random;

import java.util.ArrayList;
import java.util.List;

/// A generator of random numbers: the same ones on every machine and every JDK.
///
/// SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA
/// 2014), with the constants of Vigna's public-domain `splitmix64.c`. Written out because the JDK
/// documents the quality of `SplittableRandom`, not its numbers. The built-in corpus, fresh weights
/// and sampled answers come from it, so a change here changes all of them.
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long seed) {
        this.state = seed;
    }

    /// A stream of its own for each name, so that what one tensor or prompt draws does not depend
    /// on any other.
    public static SplitMix64 named(long seed, String name) {
        long mixed = new SplitMix64(seed).nextLong();
        for (int i = 0; i < name.length(); i++) {
            mixed = new SplitMix64(mixed ^ name.charAt(i)).nextLong();
        }
        return new SplitMix64(mixed);
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

    /// A real number in [0, 1), from the upper 53 bits.
    public double uniform() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// Real numbers in [-bound, bound).
    public float[] uniforms(long count, double bound) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * uniform() - 1));
        }
        return values;
    }

    /// Normal numbers around 0 by the Box-Muller transform, in `StrictMath` so that they are the
    /// same everywhere.
    public float[] normals(long count, double standardDeviation) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i += 2) {
            double radius = standardDeviation * StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
            double angle = 2 * StrictMath.PI * uniform();
            values[i] = (float) (radius * StrictMath.cos(angle));
            if (i + 1 < values.length) {
                values[i + 1] = (float) (radius * StrictMath.sin(angle));
            }
        }
        return values;
    }
}
