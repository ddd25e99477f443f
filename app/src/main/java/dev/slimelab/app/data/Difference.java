package dev.slimelab.app.data;

import java.util.BitSet;

/// Where two lists of tokens differ: what is not in their longest common subsequence.
///
/// Of lists so long that finding it would take too much memory, everything between the common
/// beginning and the common end differs.
public record Difference(BitSet left, BitSet right) {
    private static final long MOST_CELLS = 4_000_000;

    public static Difference of(int[] left, int[] right) {
        int begin = 0;
        int leftEnd = left.length;
        int rightEnd = right.length;
        while (begin < leftEnd && begin < rightEnd && left[begin] == right[begin]) {
            begin++;
        }
        while (leftEnd > begin && rightEnd > begin && left[leftEnd - 1] == right[rightEnd - 1]) {
            leftEnd--;
            rightEnd--;
        }
        BitSet onlyLeft = new BitSet();
        BitSet onlyRight = new BitSet();
        onlyLeft.set(begin, leftEnd);
        onlyRight.set(begin, rightEnd);
        int rows = leftEnd - begin;
        int columns = rightEnd - begin;
        if ((long) (rows + 1) * (columns + 1) <= MOST_CELLS) {
            int[][] common = new int[rows + 1][columns + 1]; // length of it from here to the end
            for (int i = rows - 1; i >= 0; i--) {
                for (int j = columns - 1; j >= 0; j--) {
                    common[i][j] =
                            left[begin + i] == right[begin + j]
                                    ? common[i + 1][j + 1] + 1
                                    : Math.max(common[i + 1][j], common[i][j + 1]);
                }
            }
            int i = 0;
            int j = 0;
            while (i < rows && j < columns) {
                if (left[begin + i] == right[begin + j]) {
                    onlyLeft.clear(begin + i++);
                    onlyRight.clear(begin + j++);
                } else if (common[i + 1][j] >= common[i][j + 1]) {
                    i++;
                } else {
                    j++;
                }
            }
        }
        return new Difference(onlyLeft, onlyRight);
    }
}
