package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Looks single settings up in a `config.json`, and refuses by name what is missing or has the
/// wrong type. A setting that is null counts as missing.
final class ConfigReader {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String source;
    private final String prefix;
    private final JsonNode config;

    /// @param source where it comes from, for messages
    /// @param config with the defaults of settings that are absent; a setting that is null stays
    ///   null
    ConfigReader(String source, JsonNode config) {
        this(source, "", config);
    }

    private ConfigReader(String source, String prefix, JsonNode config) {
        this.source = source;
        this.prefix = prefix;
        this.config = config;
    }

    /// Settings further down.
    ///
    /// @param where their path in the file
    ConfigReader below(String where, JsonNode settings) {
        return new ConfigReader(source, where + ".", settings);
    }

    /// A setting as it stands; [MissingNode] where it is absent or null.
    JsonNode get(String setting) {
        JsonNode value = config.path(setting);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    int layers() {
        return integer("num_hidden_layers");
    }

    int integer(String setting) {
        return integer(setting, null);
    }

    int integer(String setting, @Nullable Integer absent) {
        Integer value = integerOrNull(setting);
        if (value != null) {
            return value;
        }
        if (absent == null) {
            throw refused(setting, "missing", "Add it; it is a positive integer.");
        }
        return absent;
    }

    @Nullable Integer integerOrNull(String setting) {
        JsonNode value = get(setting);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isInt() || value.asInt() < 1) {
            throw refused(setting, value.toString(), "It must be a positive integer.");
        }
        return value.asInt();
    }

    boolean flag(String setting) {
        JsonNode value = get(setting);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refused(setting, value.toString(), "It must be true or false.");
        }
        return value.asBoolean(false);
    }

    double number(String setting) {
        if (get(setting).isMissingNode()) {
            throw refused(setting, "missing", "Add it; it is a number.");
        }
        return number(setting, 0);
    }

    double number(String setting, double absent) {
        JsonNode value = get(setting);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber()) {
            throw refused(setting, value.toString(), "It must be a number.");
        }
        return value.asDouble();
    }

    /// Refuses any other value of a setting that is honoured at one value only.
    void mustEqual(String setting, Object only) {
        JsonNode value = get(setting);
        boolean same =
                value.isMissingNode()
                        || (only instanceof Number number
                                ? value.isNumber() && value.asDouble() == number.doubleValue()
                                : value.equals(JSON.valueToTree(only)));
        if (!same) {
            throw refused(
                    setting,
                    value.toString(),
                    "Only %s is supported; choose another model.".formatted(only));
        }
    }

    /// Refuses a setting that is honoured only where it is absent or null.
    void mustBeAbsent(String setting) {
        JsonNode value = get(setting);
        if (!value.isMissingNode()) {
            throw refused(
                    setting,
                    value.toString(),
                    "This setting is not supported; choose another model.");
        }
    }

    Problem refused(String setting, String seen, String remedy) {
        return Problem.badRequest(
                "In %s, %s%s is %s.".formatted(source, prefix, setting, seen), remedy);
    }
}
