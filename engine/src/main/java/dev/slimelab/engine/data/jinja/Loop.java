package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The variable `loop` of one turn.
///
/// @param index of the turn, from 0
record Loop(List<Object> items, int index, Changes changes) implements Attributes {

    @Override
    public @Nullable Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) size - index;
            case "revindex0" -> size - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            // Only recursive loops, which are not supported, have another depth.
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" ->
                    index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" ->
                    index < size - 1
                            ? items.get(index + 1)
                            : new Undefined("there is no next item");
            case "cycle" -> (Function) this::cycle;
            case "changed" -> changes;
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> choices = arguments.positional();
        if (choices.isEmpty()) {
            throw Failure.of("loop.cycle needs something to choose from");
        }
        return choices.get(index % choices.size());
    }

    /// `loop.changed(value)`: whether the value is another than in the turn before.
    static final class Changes implements Function {
        private final Values values;
        private @Nullable List<Object> last;

        Changes(Values values) {
            this.values = values;
        }

        @Override
        public Object call(Arguments arguments) {
            boolean changed = last == null || !values.equal(last, arguments.positional());
            last = arguments.positional();
            return changed;
        }
    }
}
