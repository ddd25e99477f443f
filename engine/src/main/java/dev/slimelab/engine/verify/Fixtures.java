package dev.slimelab.engine.verify;

import dev.slimelab.engine.model.Safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads tensors of fixture files as plain arrays.
final class Fixtures {
    private Fixtures() {}

    /// @param name of an int64 tensor `(rows, columns)`
    static int[][] ints(Safetensors file, String name) {
        int columns = columns(file, name);
        var values = bytes(file, name).asLongBuffer();
        int[][] rows = new int[values.remaining() / columns][columns];
        for (int[] row : rows) {
            for (int i = 0; i < columns; i++) {
                row[i] = Math.toIntExact(values.get());
            }
        }
        return rows;
    }

    /// @param name of an int64 tensor of one dimension
    static int[] flatInts(Safetensors file, String name) {
        return ints(file, name)[0];
    }

    /// @param name of an int64 tensor `(rows, columns)` of zeros and ones
    static boolean[][] booleans(Safetensors file, String name) {
        int[][] values = ints(file, name);
        boolean[][] booleans = new boolean[values.length][values[0].length];
        for (int row = 0; row < values.length; row++) {
            for (int i = 0; i < values[row].length; i++) {
                booleans[row][i] = values[row][i] == 1;
            }
        }
        return booleans;
    }

    /// @param name of a float32 tensor of any shape, flattened
    static float[] floats(Safetensors file, String name) {
        var values = bytes(file, name).asFloatBuffer();
        float[] flat = new float[values.remaining()];
        values.get(flat);
        return flat;
    }

    private static int columns(Safetensors file, String name) {
        return Math.toIntExact(file.entry(name).shape().getLast());
    }

    private static ByteBuffer bytes(Safetensors file, String name) {
        return file.bytes(name).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The entries of `ids` where `mask` is 1.
    static int[] masked(int[] ids, int[] mask) {
        int[] kept = new int[ids.length];
        int n = 0;
        for (int i = 0; i < ids.length; i++) {
            if (mask[i] == 1) {
                kept[n++] = ids[i];
            }
        }
        return Arrays.copyOf(kept, n);
    }
}
