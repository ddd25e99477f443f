package dev.slimelab.app.data;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Chunk;

import java.util.BitSet;
import java.util.List;

/// Where two lists of tokens differ: what has to be taken from one and put in to get the other.
public record Difference(BitSet left, BitSet right) {
    public static Difference of(List<Integer> left, List<Integer> right) {
        var difference = new Difference(new BitSet(), new BitSet());
        for (AbstractDelta<Integer> delta :
                DiffUtils.diff(left, right, new MyersDiffWithLinearSpace<>(), null).getDeltas()) {
            mark(difference.left, delta.getSource());
            mark(difference.right, delta.getTarget());
        }
        return difference;
    }

    private static void mark(BitSet differing, Chunk<Integer> chunk) {
        differing.set(chunk.getPosition(), chunk.getPosition() + chunk.size());
    }
}
