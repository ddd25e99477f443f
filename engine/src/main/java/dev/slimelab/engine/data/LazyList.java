package dev.slimelab.engine.data;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/// A list whose elements are made when they are asked for, and not kept.
public final class LazyList<T> extends AbstractList<T> implements RandomAccess {
    private final int size;
    private final IntFunction<T> element;

    /// @param element of an index from 0
    public LazyList(int size, IntFunction<T> element) {
        this.size = size;
        this.element = element;
    }

    /// All elements of the first list, then of the next.
    public static <T> List<T> concatenated(List<List<T>> parts) {
        int size = parts.stream().mapToInt(List::size).sum();
        return new LazyList<>(
                size,
                index -> {
                    int within = index;
                    for (List<T> part : parts) {
                        if (within < part.size()) {
                            return part.get(within);
                        }
                        within -= part.size();
                    }
                    throw new IndexOutOfBoundsException(index);
                });
    }

    @Override
    public T get(int index) {
        return element.apply(Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
        return size;
    }
}
