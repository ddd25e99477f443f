package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// `namespace(…)`: the one value that a template can change.
final class Namespace implements Attributes {
    private final Map<String, Object> values;

    Namespace(Map<String, Object> values) {
        this.values = new LinkedHashMap<>(values);
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return values.get(name);
    }
}
