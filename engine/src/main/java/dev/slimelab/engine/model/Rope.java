package dev.slimelab.engine.model;

/// How positions become rotation angles.
public sealed interface Rope {
    /// Base of the geometric series of wavelengths.
    double theta();

    /// Angle per position of each rotated pair, in radians: `headDim / 2` values, the fastest
    /// first.
    double[] inverseFrequencies(int headDim);

    /// The plain series of the RoFormer paper (arXiv 2104.09864).
    record Plain(double theta) implements Rope {
        @Override
        public double[] inverseFrequencies(int headDim) {
            double[] frequencies = new double[headDim / 2];
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = Math.pow(theta, -2.0 * i / headDim);
            }
            return frequencies;
        }
    }

    /// The plain series with every wavelength stretched alike (`rope_type: linear`).
    record Linear(double theta, double factor) implements Rope {
        @Override
        public double[] inverseFrequencies(int headDim) {
            double[] frequencies = new Plain(theta).inverseFrequencies(headDim);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factor;
            }
            return frequencies;
        }
    }

    /// Llama 3's stretching of long wavelengths, as `rope_type: llama3` of transformers:
    /// wavelengths beyond `original / lowFrequencyFactor` positions are stretched by `factor`,
    /// those below `original / highFrequencyFactor` stay, and between the two is a linear blend.
    record Llama3(
            double theta,
            double factor,
            double lowFrequencyFactor,
            double highFrequencyFactor,
            double originalMaxPositions)
            implements Rope {
        @Override
        public double[] inverseFrequencies(int headDim) {
            double[] frequencies = new Plain(theta).inverseFrequencies(headDim);
            for (int i = 0; i < frequencies.length; i++) {
                double wavelength = 2 * Math.PI / frequencies[i];
                double turns = originalMaxPositions / wavelength;
                double blend =
                        (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
                double kept = Math.clamp(blend, 0.0, 1.0);
                frequencies[i] *= kept + (1 - kept) / factor;
            }
            return frequencies;
        }
    }
}
