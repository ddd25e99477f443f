package dev.slimelab.engine.model;

/// A generator of random numbers that gives the same ones on every machine and in every release.
///
/// SplitMix64 (Steele, Lea and Flood 2014) for bits, the upper 53 of which make a uniform number;
/// normal numbers by the Box-Muller transform in `StrictMath`.
public final class SplitMix64 {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    public SplitMix64(long seed) {
        state = seed;
    }

    /// A stream of its own for each name, so that what one tensor or prompt draws does not depend
    /// on any other.
    public static SplitMix64 named(long seed, String name) {
        long mixed = new SplitMix64(seed).next();
        for (int i = 0; i < name.length(); i++) {
            mixed = new SplitMix64(mixed ^ name.charAt(i)).next();
        }
        return new SplitMix64(mixed);
    }

    /// The next 64 bits.
    public long next() {
        state += GOLDEN;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// In [0, 1).
    public double uniform() {
        return (next() >>> 11) * 0x1p-53;
    }

    float[] uniforms(long count, double bound) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * uniform() - 1));
        }
        return values;
    }

    float[] normals(long count, double standardDeviation) {
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
