package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.model.PassOptions.Adapter;

import java.util.Arrays;

/// All logits of a batch, computed as transformers does when it is given ids and an attention mask.
///
/// For looking and for comparing with other implementations, not for training: it makes the logits
/// of every position. Positions count the padding too. Padding sees what stands before it but is
/// seen by nobody, not even itself, unless it would see nothing at all.
public final class PaddedLogits {
    private PaddedLogits() {}

    /// Runs rows of equal length.
    ///
    /// @param ids (row, position)
    /// @param real (row, position), false at padding
    /// @return (row, position, vocabulary)
    public static double[][][] of(
            LanguageModel model, Adapter adapter, int[][] ids, boolean[][] real) {
        int rows = ids.length;
        int length = ids[0].length;
        Kernels kernels = model.torch().kernels();
        try (NDManager scope = model.torch().newScope()) {
            var decoder = new Decoder(model, adapter, scope);
            long[] flat = new long[rows * length];
            long[] positions = new long[rows * length];
            for (int r = 0; r < rows; r++) {
                Batch.checkIds(ids[r], model.config().vocabSize());
                for (int i = 0; i < length; i++) {
                    flat[r * length + i] = ids[r][i];
                    positions[r * length + i] = i;
                }
            }
            Decoder.Sight<NDArray> sight =
                    decoder.sight(
                            scope,
                            kernels.upload(scope, positions, rows, length),
                            window ->
                                    kernels.cast(
                                            scope,
                                            kernels.upload(
                                                    scope,
                                                    mask(real, window),
                                                    rows,
                                                    1,
                                                    length,
                                                    length),
                                            model.precision()));
            NDArray x = decoder.embed(scope, kernels.upload(scope, flat, rows, length));
            for (int i = 0; i < model.config().layers(); i++) {
                x = decoder.layer(scope, i, x, sight, Kernels.Cache.NONE);
            }
            long[] everywhere = new long[rows * length];
            Arrays.setAll(everywhere, i -> i);
            NDArray hidden = decoder.finalNorm(scope, x, kernels.upload(scope, everywhere));
            return shaped(
                    kernels.doubles(kernels.logits(scope, hidden, decoder.head())), rows, length);
        }
    }

    private static double[] mask(boolean[][] real, long window) {
        int length = real[0].length;
        double[] mask = new double[real.length * length * length];
        Arrays.fill(mask, Double.NEGATIVE_INFINITY);
        for (int r = 0; r < real.length; r++) {
            for (int query = 0; query < length; query++) {
                int row = (r * length + query) * length;
                boolean blind = true;
                for (int key = 0; key <= query; key++) {
                    if (real[r][key] && query - key < window) {
                        mask[row + key] = 0;
                        blind = false;
                    }
                }
                if (blind) {
                    mask[row + query] = 0;
                }
            }
        }
        return mask;
    }

    private static double[][][] shaped(double[] flat, int rows, int length) {
        int vocabulary = flat.length / (rows * length);
        double[][][] shaped = new double[rows][length][];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < length; i++) {
                int at = (r * length + i) * vocabulary;
                shaped[r][i] = Arrays.copyOfRange(flat, at, at + vocabulary);
            }
        }
        return shaped;
    }
}
