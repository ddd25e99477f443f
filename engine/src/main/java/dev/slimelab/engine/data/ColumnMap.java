package dev.slimelab.engine.data;

import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.problem.Nearest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which column of a file is which, where a file calls them otherwise than our formats do.
///
/// A column is named as in the file, or by a path into it: `answers.good` is a member of an object,
/// `answers.0.text` goes through a list. A name with dots in it wins over a path.
///
/// @param columns settings of `data.columns`, such as `chosen` or `scoreChosen`, and the column
///   that each names
public record ColumnMap(Map<String, String> columns) {
    /// Every column is called what it is.
    public static final ColumnMap NONE = new ColumnMap(Map.of());

    private static final String SETTING = "data.columns.";
    private static final int DEPTH = 4;

    /// What columns of the three are often called.
    private static final Map<String, Pattern> OFTEN = often();

    public ColumnMap {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    private static Map<String, Pattern> often() {
        Map<String, Pattern> often = new LinkedHashMap<>();
        often.put("prompt", word("prompt|question|query|instruction|input|context|task|request"));
        // Before chosen, whose words are in some of these.
        often.put(
                "rejected",
                word("reject|dispref|worse|worst|bad|los[est]|negative|incorrect|wrong"));
        often.put(
                "chosen",
                word("chosen|choose|prefer|accept|better|best|good|win|positive|correct"));
        return often;
    }

    private static Pattern word(String words) {
        return Pattern.compile(words, Pattern.CASE_INSENSITIVE);
    }

    boolean isEmpty() {
        return columns.isEmpty();
    }

    /// The record's columns under the names of our formats: those that are named here, and all
    /// others except those that are named under another name.
    Map<String, JsonNode> applied(Map<String, JsonNode> fields) {
        if (isEmpty()) {
            return fields;
        }
        Map<String, JsonNode> renamed = new LinkedHashMap<>(fields);
        columns.values().forEach(column -> renamed.remove(root(fields.keySet(), column)));
        columns.forEach(
                (setting, column) -> {
                    JsonNode value = at(fields, column);
                    if (value != null) {
                        renamed.put(field(setting), value);
                    } else {
                        renamed.remove(field(setting));
                    }
                });
        return renamed;
    }

    /// What our formats call a setting's column.
    private static String field(String setting) {
        return setting.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /// `chosen`, or `chosen (the column answers.good)`.
    String words(String field) {
        return columns.entrySet().stream()
                .filter(each -> field(each.getKey()).equals(field))
                .map(each -> "%s (the column %s)".formatted(field, each.getValue()))
                .findFirst()
                .orElse(field);
    }

    /// The column that a path begins in.
    private static String root(Set<String> names, String column) {
        return names.contains(column) ? column : column.split("\\.", 2)[0];
    }

    private static @Nullable JsonNode at(Map<String, JsonNode> fields, String column) {
        JsonNode whole = fields.get(column);
        if (whole != null) {
            return whole;
        }
        String[] keys = column.split("\\.", -1);
        JsonNode value = fields.get(keys[0]);
        for (int i = 1; i < keys.length && value != null; i++) {
            value =
                    value.isArray() && keys[i].matches("\\d{1,9}")
                            ? value.get(Integer.parseInt(keys[i]))
                            : value.get(keys[i]);
        }
        return value;
    }

    /// The columns that must be read of a file with these, so that this map can be applied and a
    /// format find what it reads; all of them where that cannot be told.
    Set<String> needed(Set<String> ofFile) {
        Set<String> roots =
                columns.values().stream()
                        .map(column -> root(ofFile, column))
                        .collect(Collectors.toSet());
        Set<String> fields =
                columns.keySet().stream().map(ColumnMap::field).collect(Collectors.toSet());
        boolean pairs =
                List.of("chosen", "rejected").stream()
                        .allMatch(side -> ofFile.contains(side) || fields.contains(side));
        if (!pairs || !ofFile.containsAll(roots)) {
            return ofFile;
        }
        return ofFile.stream()
                .filter(name -> roots.contains(name) || RowFormat.COLUMNS_OF_PAIRS.contains(name))
                .collect(Collectors.toSet());
    }

    /// What is wrong with the names, judged by some rows of a file.
    ///
    /// @param records the first ones of the file, not none
    @Nullable RowProblem unknown(Collection<RawRecord> records) {
        RawRecord first = records.iterator().next();
        for (Map.Entry<String, String> each : columns.entrySet()) {
            if (records.stream().allMatch(row -> at(row.columns(), each.getValue()) == null)) {
                List<String> known = paths(first.columns());
                return RowProblem.file(
                        Code.UNKNOWN_COLUMN,
                        first.place(),
                        "%s%s is \"%s\", and the columns are %s"
                                .formatted(
                                        SETTING,
                                        each.getKey(),
                                        each.getValue(),
                                        String.join(", ", known)),
                        "Did you mean \"%s\"?".formatted(Nearest.to(each.getValue(), known)));
            }
        }
        return null;
    }

    /// A column that is named for nothing.
    @Nullable RowProblem unused(RowFormat format, RawRecord record) {
        for (Map.Entry<String, String> each : columns.entrySet()) {
            if (!format.reads().contains(field(each.getKey()))) {
                String others =
                        RowFormat.all().stream()
                                .filter(other -> other.reads().contains(field(each.getKey())))
                                .map(RowFormat::key)
                                .collect(Collectors.joining(" or "));
                return RowProblem.file(
                        Code.UNUSED_COLUMN,
                        record.place(),
                        "%s%s is \"%s\", which the format %s does not read"
                                .formatted(SETTING, each.getKey(), each.getValue(), format.key()),
                        "Leave it out, or set data.format to " + others + ".");
            }
        }
        return null;
    }

    /// A record that no format recognises, with the settings that would say which column is which,
    /// as far as names can be guessed.
    RowProblem unrecognised(RawRecord record) {
        List<String> paths = paths(record.columns());
        Map<String, String> guess = guess(paths);
        String settings =
                guess.entrySet().stream()
                        .map(
                                each ->
                                        "--set %s%s=%s"
                                                .formatted(SETTING, each.getKey(), each.getValue()))
                        .collect(Collectors.joining(" "));
        String spec =
                guess.entrySet().stream()
                        .map(each -> "\"%s\": \"%s\"".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", "));
        return RowProblem.file(
                Code.UNKNOWN_SCHEMA,
                record.place(),
                "the columns are %s, and no format has these".formatted(String.join(", ", paths)),
                "Say which column is which: %s, or in a spec \"data\": { \"columns\": { %s } }."
                        .formatted(settings, spec));
    }

    private Map<String, String> guess(List<String> paths) {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> left = new ArrayList<>(paths);
        OFTEN.forEach(
                (setting, words) -> {
                    String named = columns.get(setting);
                    String column =
                            named != null
                                    ? named
                                    : left.stream()
                                            .filter(path -> words.matcher(path).find())
                                            .findFirst()
                                            .orElse("COLUMN");
                    left.remove(column);
                    found.put(setting, column);
                });
        Map<String, String> inOrder = new LinkedHashMap<>();
        for (String setting : List.of("prompt", "chosen", "rejected")) {
            inOrder.put(setting, Objects.requireNonNull(found.get(setting)));
        }
        return inOrder;
    }

    /// Everything in a record that can be named: columns, and what is in them.
    private static List<String> paths(Map<String, JsonNode> fields) {
        List<String> paths = new ArrayList<>();
        fields.forEach((name, value) -> addPaths(paths, name, value, 1));
        return paths;
    }

    private static void addPaths(List<String> paths, String path, JsonNode value, int depth) {
        boolean turns = value.path(0).has("role") || value.path(0).has("from");
        if (value.isContainer() && !value.isEmpty() && !turns && depth < DEPTH) {
            if (value.isObject()) {
                value.properties()
                        .forEach(
                                each ->
                                        addPaths(
                                                paths,
                                                path + "." + each.getKey(),
                                                each.getValue(),
                                                depth + 1));
            } else {
                for (int i = 0; i < Math.min(2, value.size()); i++) {
                    addPaths(paths, path + "." + i, value.get(i), depth + 1);
                }
            }
        } else {
            paths.add(path);
        }
    }
}
