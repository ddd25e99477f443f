package dev.slimelab.engine.data.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a call hands over.
record Arguments(List<Object> positional, Map<String, Object> named) {
    /// A parameter that takes all positional arguments from there on.
    static final String REST = "*";

    /// The arguments by the names of the parameters; what was not handed over is absent.
    ///
    /// @throws Failure for too many arguments and for names that are not among the parameters
    Map<String, Object> bind(String callee, List<String> parameters) {
        int rest = parameters.indexOf(REST);
        if (rest < 0 && positional.size() > parameters.size()) {
            throw Failure.of(
                    "%s takes at most %d arguments, not %d"
                            .formatted(callee, parameters.size(), positional.size()));
        }
        Map<String, Object> bound = new HashMap<>();
        for (int i = 0; i < positional.size() && (rest < 0 || i < rest); i++) {
            bound.put(parameters.get(i), positional.get(i));
        }
        if (rest >= 0) {
            bound.put(
                    REST, positional.subList(Math.min(rest, positional.size()), positional.size()));
        }
        named.forEach(
                (name, value) -> {
                    if (!parameters.contains(name)) {
                        throw Failure.of("%s has no argument %s".formatted(callee, name));
                    }
                    if (bound.put(name, value) != null) {
                        throw Failure.of("%s gets its argument %s twice".formatted(callee, name));
                    }
                });
        return bound;
    }
}
