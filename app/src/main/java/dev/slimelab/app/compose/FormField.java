package dev.slimelab.app.compose;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One setting as a form shows it, derived from a record component and its [Parameter].
///
/// @param path where its value stands in a spec
/// @param type the component's type
/// @param optional whether it may be left empty
public record FormField(
        String path, Parameter parameter, Kind kind, Class<?> type, boolean optional) {
    /// What kind of control edits it.
    public enum Kind {
        NUMBER,
        WHOLE_NUMBER,
        /// A constant of an enum.
        CHOICE,
        /// A kind of a page of choices, which has settings of its own.
        PAGE,
        TEXT,
        /// Words, one after the other.
        LIST,
        /// An object of its own making, as JSON.
        OBJECT
    }

    /// The word for what is switched off: a constant of an enum, or an absent page.
    static final String OFF = "off";

    /// The fields of a record's components, in their order. Components that are records themselves
    /// have places of their own and are left out.
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
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new FormField(
                prefix + component.getName(), parameter, kind, component.getType(), optional);
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
        if (type.isEnum()) {
            return Kind.CHOICE;
        }
        if (type == List.class) {
            return Kind.LIST;
        }
        if (type == Map.class) {
            return Kind.OBJECT;
        }
        return type.isSealed() ? Kind.PAGE : null;
    }

    /// The words to choose from, without [#OFF]; empty where nothing is chosen.
    public List<String> choices() {
        return switch (kind) {
            case CHOICE -> constants().filter(word -> !word.equals(OFF)).toList();
            case PAGE -> Arrays.stream(type.getPermittedSubclasses()).map(FormField::word).toList();
            case NUMBER, WHOLE_NUMBER, TEXT, LIST, OBJECT -> List.of();
        };
    }

    /// What a person calls one of its [choices][#choices()].
    public String called(String word) {
        return switch (kind) {
            case CHOICE ->
                    Arrays.stream(type.getEnumConstants())
                            .map(constant -> (Enum<?>) constant)
                            .filter(constant -> Settings.word(constant.name()).equals(word))
                            .findFirst()
                            .map(Settings::called)
                            .orElse(word);
            case PAGE ->
                    Arrays.<Class<?>>stream(type.getPermittedSubclasses())
                            .filter(choice -> word(choice).equals(word))
                            .findFirst()
                            .map(Settings::called)
                            .orElse(word);
            case NUMBER, WHOLE_NUMBER, TEXT, LIST, OBJECT -> word;
        };
    }

    /// Whether it has a switch.
    public boolean canBeOff() {
        return switch (kind) {
            case CHOICE -> constants().anyMatch(OFF::equals);
            case PAGE -> optional;
            case NUMBER, WHOLE_NUMBER, TEXT, LIST, OBJECT -> false;
        };
    }

    private Stream<String> constants() {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> Settings.word(((Enum<?>) constant).name()));
    }

    private static String word(Class<?> kind) {
        return Settings.word(kind.getSimpleName());
    }

    /// The word that a draft has chosen; [#OFF] where a page is absent.
    String word(Draft draft) {
        if (kind != Kind.PAGE) {
            return draft.text(path);
        }
        return draft.get(path) == null ? OFF : draft.text(path + ".kind");
    }

    /// The record of the kind that a page has in a draft.
    Optional<Class<?>> kindType(Draft draft) {
        String chosen = word(draft);
        return Arrays.<Class<?>>stream(type.getPermittedSubclasses())
                .filter(kindType -> word(kindType).equals(chosen))
                .findFirst();
    }

    /// Whether its value names something on the disk.
    public boolean isPlace() {
        return parameter.place() != Parameter.Place.NONE;
    }

    public boolean isNumeric() {
        return kind == Kind.NUMBER || kind == Kind.WHOLE_NUMBER;
    }

    /// Whether its value is one of its [choices][#choices()].
    public boolean isChosen() {
        return kind == Kind.CHOICE || kind == Kind.PAGE;
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
