package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A filter, test, method or global function that templates know by its name.
///
/// @param parameters names in order, [Arguments#REST] for the rest
record Builtin(String name, List<String> parameters, Body body) {

    static Builtin of(String name, String parameters, Body body) {
        return new Builtin(
                name, parameters.isEmpty() ? List.of() : List.of(parameters.split(" ", -1)), body);
    }

    Object apply(Values values, Object subject, Arguments arguments) {
        return body.apply(subject, new Given(name, arguments.bind(name, parameters), values));
    }

    Function bind(Values values, Object subject) {
        return arguments -> apply(values, subject, arguments);
    }

    /// What it does.
    @FunctionalInterface
    interface Body {
        /// Computes one value.
        ///
        /// @param subject what stands before the `|`, the `is` or the dot
        Object apply(Object subject, Given given);
    }

    /// The arguments of one call.
    record Given(String callee, Map<String, Object> arguments, Values values) {
        @Nullable Object optional(String name) {
            Object value = arguments.get(name);
            return value == None.NONE ? null : value;
        }

        Object required(String name) {
            Object value = arguments.get(name);
            if (value == null) {
                throw Failure.of("%s needs its argument %s".formatted(callee, name));
            }
            return value;
        }

        boolean flag(String name) {
            Object value = arguments.get(name);
            return value != null && values.truth(value);
        }

        @Nullable String optionalText(String name) {
            Object value = optional(name);
            return value == null ? null : text(name, value);
        }

        String text(String name) {
            return text(name, required(name));
        }

        private String text(String name, Object value) {
            if (value instanceof String text) {
                return text;
            }
            throw Failure.of(
                    "%s needs a string as %s, not %s".formatted(callee, name, Values.kind(value)));
        }

        long integer(String name, long otherwise) {
            Object value = optional(name);
            if (value == null) {
                return otherwise;
            }
            if (value instanceof Long integer) {
                return integer;
            }
            throw Failure.of(
                    "%s needs an integer as %s, not %s"
                            .formatted(callee, name, Values.kind(value)));
        }

        List<Object> rest() {
            return arguments.get(Arguments.REST) instanceof List<?> rest
                    ? List.copyOf(rest)
                    : List.of();
        }
    }
}
