package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `a.b`, `a[b]` and `a[b:c:d]`.
final class Access {
    private final Values values;

    Access(Values values) {
        this.values = values;
    }

    /// A method or part of that name, else the entry under that key, else undefined.
    Object attribute(Object target, String name) {
        Object part = part(target, name);
        if (part != null) {
            return part;
        }
        Object entry = target instanceof Map<?, ?> map ? map.get(name) : null;
        return entry != null ? entry : missing(target, name);
    }

    /// The entry under the key or at the index, else the method or part of that name, else
    /// undefined. Negative indices count from the end.
    Object item(Object target, Object key) {
        Object item =
                switch (target) {
                    case Map<?, ?> map -> map.get(Values.key(key));
                    case List<?> list when key instanceof Long index -> at(list, index);
                    case String text when key instanceof Long index ->
                            at(values.items(text), index);
                    default -> null;
                };
        if (item == null && key instanceof String name) {
            item = part(target, name);
        }
        return item != null ? item : missing(target, values.text(key));
    }

    private static @Nullable Object at(List<?> list, long index) {
        long position = index < 0 ? index + list.size() : index;
        return position >= 0 && position < list.size() ? list.get((int) position) : null;
    }

    private @Nullable Object part(Object target, String name) {
        return switch (target) {
            case Undefined undefined -> throw undefined.used();
            case Attributes parts -> parts.attribute(name);
            default -> {
                Builtin method = Methods.of(target).get(name);
                yield method == null ? null : method.bind(values, target);
            }
        };
    }

    private static Undefined missing(Object target, String name) {
        return new Undefined("%s has no %s".formatted(Values.kind(target), name));
    }

    /// Each bound may be missing.
    Object slice(Object target, @Nullable Object from, @Nullable Object to, @Nullable Object step) {
        long by = step == null ? 1 : index(step, 1);
        if (by == 0) {
            throw Failure.of("a slice has the step 0");
        }
        boolean isText = target instanceof String;
        if (!isText && !(target instanceof List<?>)) {
            throw target instanceof Undefined undefined
                    ? undefined.used()
                    : Failure.of(Values.kind(target) + " cannot be sliced");
        }
        List<Object> items = values.items(target);
        int size = items.size();
        long lowest = by > 0 ? 0 : -1;
        long highest = by > 0 ? size : size - 1;
        long start = bound(from, by > 0 ? lowest : highest, size, lowest, highest);
        long end = bound(to, by > 0 ? highest : lowest, size, lowest, highest);
        List<Object> slice = new ArrayList<>();
        for (long i = start; by > 0 ? i < end : i > end; i = Math.addExact(i, by)) {
            slice.add(items.get((int) i));
        }
        if (!isText) {
            return slice;
        }
        var text = new StringBuilder();
        slice.forEach(text::append);
        return text.toString();
    }

    private static long bound(
            @Nullable Object given, long otherwise, int size, long lowest, long highest) {
        if (given == null) {
            return otherwise;
        }
        long index = index(given, otherwise);
        return Math.clamp(index < 0 ? index + size : index, lowest, highest);
    }

    private static long index(Object value, long otherwise) {
        return switch (value) {
            case Long index -> Math.clamp(index, -Integer.MAX_VALUE, Integer.MAX_VALUE);
            case None _ -> otherwise;
            default -> throw Failure.of("a slice needs integers, not " + Values.kind(value));
        };
    }
}
