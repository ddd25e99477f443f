package dev.slimelab.app.compose;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/// One setting as a form shows it, derived from a record component and its [Parameter].
///
/// @param path where its value stands in a spec
/// @param choices the words of an enum; empty for other kinds
/// @param optional whether it may be left empty
public record FormField(
        String path, Parameter parameter, Kind kind, List<String> choices, boolean optional) {
    /// What kind of control edits it.
    public enum Kind {
        NUMBER,
        WHOLE_NUMBER,
        CHOICE,
        TEXT
    }

    /// The fields of a record's components, in their order. Components that are records or pages of
    /// choices themselves have places of their own and are left out, as are lists and maps.
    static List<FormField> of(Class<?> owner, String path) {
        return Arrays.stream(owner.getRecordComponents())
                .map(component -> of(component, path.isEmpty() ? "" : path + "."))
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    private static @Nullable FormField of(RecordComponent component, String prefix) {
        Parameter parameter = Settings.parameter(component);
        Kind kind = kind(component.getType());
        if (parameter == null || kind == null) {
            return null;
        }
        List<String> choices =
                kind == Kind.CHOICE
                        ? Arrays.stream(component.getType().getEnumConstants())
                                .map(constant -> Settings.word(((Enum<?>) constant).name()))
                                .toList()
                        : List.of();
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new FormField(prefix + component.getName(), parameter, kind, choices, optional);
    }

    private static @Nullable Kind kind(Class<?> type) {
        if (type == double.class || type == Double.class) {
            return Kind.NUMBER;
        }
        if (type == int.class || type == Integer.class || type == long.class) {
            return Kind.WHOLE_NUMBER;
        }
        if (type == String.class) {
            return Kind.TEXT;
        }
        return type.isEnum() ? Kind.CHOICE : null;
    }

    public boolean isNumeric() {
        return kind == Kind.NUMBER || kind == Kind.WHOLE_NUMBER;
    }

    public boolean hasSlider() {
        return isNumeric() && Double.isFinite(parameter.low()) && Double.isFinite(parameter.high());
    }

    /// The slider's position of a value, 0 to 1.
    public double position(double value) {
        double clamped = Math.clamp(value, parameter.low(), parameter.high());
        return switch (parameter.scale()) {
            case LINEAR -> (clamped - parameter.low()) / (parameter.high() - parameter.low());
            case LOGARITHMIC ->
                    Math.log(clamped / parameter.low())
                            / Math.log(parameter.high() / parameter.low());
        };
    }

    /// The value at a slider's position, rounded to what a person would type.
    public double valueAt(double position) {
        double low = parameter.low();
        double high = parameter.high();
        double value =
                switch (parameter.scale()) {
                    case LINEAR -> low + position * (high - low);
                    case LOGARITHMIC -> low * Math.pow(high / low, position);
                };
        if (kind == Kind.WHOLE_NUMBER) {
            return Math.rint(value);
        }
        double grain =
                parameter.scale() == Parameter.Scale.LOGARITHMIC
                        ? Math.pow(10, Math.floor(Math.log10(value)) - 1)
                        : Math.pow(10, Math.floor(Math.log10((high - low) / 100)));
        // Dividing by a whole number gives 0.3, multiplying by 0.1 gives 0.30000000000000004.
        return grain < 1
                ? Math.rint(value / grain) / Math.rint(1 / grain)
                : Math.rint(value / grain) * grain;
    }

    /// Everything a person may want to know of it, in a few lines.
    public String help() {
        StringBuilder text = new StringBuilder(parameter.help());
        String facts =
                (parameter.symbol().isEmpty() ? "" : "Symbol " + parameter.symbol() + ". ")
                        + (parameter.unit().isEmpty() ? "" : "Unit: " + parameter.unit() + ". ")
                        + (isNumeric() ? "Legal: " + Settings.range(parameter) + ". " : "")
                        + (parameter.initial().isEmpty()
                                ? ""
                                : "Default: " + parameter.initial() + ". ");
        if (!facts.isEmpty()) {
            text.append('\n').append(facts.strip());
        }
        if (!parameter.source().isEmpty()) {
            text.append('\n').append("Source: ").append(parameter.source());
        }
        return text.append('\n').append("In a spec: ").append(path).toString();
    }
}
