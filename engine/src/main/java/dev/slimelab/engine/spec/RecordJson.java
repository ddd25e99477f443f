package dev.slimelab.engine.spec;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// Turns JSON trees into records and back, by their components alone.
///
/// A record is an object, a sealed page is an object with a `kind` (or just the kind's name, for
/// all defaults), an enum is its name in kebab case, null is a component that is absent. A missing
/// component takes the default of its [Parameter]. Everything else is refused with the path, the
/// value seen and the values known, which is why this is not left to a general mapper
/// (docs/decisions/0002-records-are-the-schema.md).
final class RecordJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String KIND = "kind";

    private final Map<Class<?>, BiFunction<JsonNode, String, JsonNode>> shorthands;

    /// @param shorthands for types that have a shorter way to be written: given tree and path, the
    ///   tree in full
    RecordJson(Map<Class<?>, BiFunction<JsonNode, String, JsonNode>> shorthands) {
        this.shorthands = shorthands;
    }

    Object read(Type type, JsonNode node, String path) {
        if (type instanceof ParameterizedType generic) {
            return readGeneric(generic, node, path);
        }
        Class<?> raw = (Class<?>) type;
        BiFunction<JsonNode, String, JsonNode> shorthand = shorthands.get(raw);
        JsonNode full = shorthand == null ? node : shorthand.apply(node, path);
        if (raw.isRecord()) {
            return readRecord(raw, full, path, false);
        }
        if (raw.isSealed()) {
            return readKind(raw, full, path);
        }
        if (raw.isEnum()) {
            return readEnum(raw, full, path);
        }
        return readScalar(raw, full, path);
    }

    private Object readRecord(Class<?> type, JsonNode node, String path, boolean withKind) {
        if (!(node instanceof ObjectNode object)) {
            throw wrongType(path, node, "an object");
        }
        RecordComponent[] components = type.getRecordComponents();
        List<String> known =
                new ArrayList<>(Arrays.stream(components).map(RecordComponent::getName).toList());
        if (withKind) {
            known.add(KIND);
        }
        for (String key : object.propertyNames()) {
            if (!known.contains(key)) {
                throw unknownKey(child(path, key), key, known);
            }
        }
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = readComponent(components[i], object, path);
        }
        return construct(type, values, path);
    }

    private @Nullable Object readComponent(
            RecordComponent component, ObjectNode object, String path) {
        String at = child(path, component.getName());
        JsonNode given = object.get(component.getName());
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        String initial = Settings.initial(component);
        if (given instanceof ObjectNode settings
                && !initial.isEmpty()
                && component.getType().isSealed()
                && !settings.has(KIND)) {
            return read(component.getType(), settings.deepCopy().put(KIND, initial), at);
        }
        if (given != null && !given.isNull()) {
            return read(component.getGenericType(), given, at);
        }
        if (given == null && !initial.isEmpty()) {
            return read(component.getGenericType(), initial(component, initial), at);
        }
        if (nullable) {
            return null;
        }
        if (given == null && component.getType().isRecord()) {
            return read(component.getGenericType(), JSON.createObjectNode(), at);
        }
        throw Problem.badRequest(
                at + (given == null ? " is missing." : " is null."), "Give " + at + " a value.");
    }

    private static JsonNode initial(RecordComponent component, String initial) {
        boolean word =
                component.getType() == String.class
                        || component.getType().isEnum()
                        || component.getType().isSealed()
                        || component.getType().isRecord();
        return word ? JSON.getNodeFactory().stringNode(initial) : JSON.readTree(initial);
    }

    private Object readKind(Class<?> page, JsonNode node, String path) {
        JsonNode named = node.isString() ? node : node.get(KIND);
        Map<String, Class<?>> kinds = kinds(page);
        if (named == null || !named.isString()) {
            throw wrongType(path, node, "an object with a kind, one of " + kinds.keySet());
        }
        Class<?> kind = kinds.get(named.stringValue());
        if (kind == null) {
            throw unknown(path, named.stringValue(), kinds.keySet());
        }
        return readRecord(kind, node.isString() ? JSON.createObjectNode() : node, path, true);
    }

    private static Object readEnum(Class<?> type, JsonNode node, String path) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(Settings.word(((Enum<?>) constant).name()), constant);
        }
        if (!node.isString()) {
            throw wrongType(path, node, "one of " + constants.keySet());
        }
        Object constant = constants.get(node.stringValue());
        if (constant == null) {
            throw unknown(path, node.stringValue(), constants.keySet());
        }
        return constant;
    }

    private static Object readScalar(Class<?> type, JsonNode node, String path) {
        if (type == String.class && node.isString()) {
            return node.stringValue();
        }
        if ((type == double.class || type == Double.class) && node.isNumber()) {
            return node.doubleValue();
        }
        if ((type == int.class || type == Integer.class)
                && node.isNumber()
                && node.canConvertToExactIntegral()
                && node.canConvertToInt()) {
            return node.intValue();
        }
        if (type == long.class
                && node.isNumber()
                && node.canConvertToExactIntegral()
                && node.canConvertToLong()) {
            return node.longValue();
        }
        String expected =
                type == String.class
                        ? "a string"
                        : type == double.class || type == Double.class
                                ? "a number"
                                : "a whole number";
        throw wrongType(path, node, expected);
    }

    private Object readGeneric(ParameterizedType type, JsonNode node, String path) {
        if (type.getRawType() == List.class && node instanceof ArrayNode array) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                items.add(
                        read(type.getActualTypeArguments()[0], array.get(i), path + "[" + i + "]"));
            }
            return items;
        }
        if (type.getRawType() == Map.class && node instanceof ObjectNode object) {
            return JSON.convertValue(object, Map.class);
        }
        throw wrongType(path, node, type.getRawType() == List.class ? "a list" : "an object");
    }

    private static Object construct(Class<?> type, @Nullable Object[] values, String path) {
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(type.getRecordComponents())
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Problem problem) {
                throw Problem.badRequest(
                        placed(problem.what(), type, path), problem.remedy(), problem);
            }
            throw new IllegalStateException("Cannot build " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot build " + type, e);
        }
    }

    /// The sentence of a record about itself, with the record's place in the spec.
    private static String placed(String what, Class<?> type, String path) {
        if (path.isEmpty() || what.startsWith(path)) {
            return what;
        }
        boolean namesComponent =
                Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> what.startsWith(component.getName() + " "));
        return path + (namesComponent ? "." : ": ") + what;
    }

    /// The tree of a value, every component written out.
    JsonNode write(@Nullable Object value) {
        return switch (value) {
            case null -> JSON.nullNode();
            case Record settings -> writeRecord(settings);
            case Enum<?> constant ->
                    JSON.getNodeFactory().stringNode(Settings.word(constant.name()));
            case List<?> items -> {
                ArrayNode array = JSON.createArrayNode();
                items.forEach(item -> array.add(write(item)));
                yield array;
            }
            default -> JSON.valueToTree(value);
        };
    }

    private ObjectNode writeRecord(Record settings) {
        ObjectNode object = JSON.createObjectNode();
        boolean isKind =
                Arrays.stream(settings.getClass().getInterfaces()).anyMatch(Class::isSealed);
        if (isKind) {
            object.put(KIND, Settings.word(settings.getClass().getSimpleName()));
        }
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                object.set(component.getName(), write(component.getAccessor().invoke(settings)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read " + component, e);
            }
        }
        return object;
    }

    /// The kinds of a sealed page by their words, in declaration order.
    static Map<String, Class<?>> kinds(Class<?> page) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (Class<?> kind : page.getPermittedSubclasses()) {
            kinds.put(Settings.word(kind.getSimpleName()), kind);
        }
        return kinds;
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Problem unknownKey(String path, String key, Collection<String> known) {
        return Problem.badRequest(
                "\"" + path + "\" is not a setting.",
                "Did you mean \""
                        + Nearest.to(key, known)
                        + "\"? Known here: "
                        + String.join(", ", known)
                        + ".");
    }

    static Problem unknown(String path, String value, Collection<String> known) {
        return Problem.badRequest(
                path + " is \"" + value + "\", which is not known.",
                "Did you mean \""
                        + Nearest.to(value, known)
                        + "\"? Known: "
                        + String.join(", ", known)
                        + ".");
    }

    private static Problem wrongType(String path, JsonNode node, String expected) {
        String seen = node.toString();
        return Problem.badRequest(
                (path.isEmpty() ? "The spec" : path)
                        + " is "
                        + (seen.length() > 60 ? seen.substring(0, 60) + "…" : seen)
                        + ", but must be "
                        + expected
                        + ".",
                "Change " + (path.isEmpty() ? "it" : path) + ".");
    }
}
