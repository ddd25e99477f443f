package dev.slimelab.app.library;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A column of the library.
///
/// @param key within its kind
public record Column(Kind kind, String key) {
    /// Where a column's values come from.
    public enum Kind {
        RUN("Run"),
        SETTING("Setting"),
        METRIC("Last value"),
        ENVIRONMENT("Environment");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public static final Column NAME = new Column(Kind.RUN, "name");

    /// What a library shows of each run until other columns are chosen, beside the settings that
    /// differ.
    static final List<Column> USUAL =
            List.of(
                    NAME,
                    new Column(Kind.RUN, "state"),
                    new Column(Kind.RUN, "tags"),
                    new Column(Kind.METRIC, "logps_delta/chosen"),
                    new Column(Kind.METRIC, "logps_delta/rejected"),
                    new Column(Kind.METRIC, "probe/margin"),
                    new Column(Kind.METRIC, "score/greedy"));

    static final List<String> RUN_KEYS =
            List.of("name", "grid", "state", "objective", "tags", "note", "step", "started");

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    /// On the column's head: the last word of a path, with the one before where that says more.
    public String label() {
        if (kind == Kind.METRIC || kind == Kind.RUN) {
            return key;
        }
        List<String> words = Arrays.asList(key.split("\\.", -1));
        return String.join(" ", words.subList(Math.max(0, words.size() - 2), words.size()));
    }

    /// As one word, for what the window remembers.
    public String word() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + key;
    }

    /// Empty where another version of the window, or a person, wrote what is no column.
    static Optional<Column> ofWord(String word) {
        int colon = Math.max(0, word.indexOf(':'));
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(word.substring(0, colon)))
                .findFirst()
                .map(kind -> new Column(kind, word.substring(colon + 1)));
    }

    public Value of(RunEntry run) {
        return switch (kind) {
            case RUN -> ofRun(run);
            case SETTING -> in(run.facts().settings());
            case METRIC -> in(run.facts().metrics());
            case ENVIRONMENT -> in(run.facts().environment());
        };
    }

    private Value in(Map<String, Value> values) {
        return values.getOrDefault(key, Value.NONE);
    }

    private Value ofRun(RunEntry run) {
        return switch (key) {
            case "name" -> Value.of(run.name());
            case "grid" -> Value.of(run.grid());
            case "state" -> Value.of(run.phase().word());
            case "objective" -> Value.of(run.facts().objective());
            case "tags" -> Value.of(String.join(", ", run.notes().tags()));
            case "note" -> Value.of(run.notes().note());
            case "step" -> step(run.status());
            case "started" -> started(run.requested());
            default -> Value.NONE;
        };
    }

    private static Value step(@Nullable RunStatus status) {
        return status == null
                ? Value.NONE
                : Value.of(status.step(), Numbers.fixed(status.step(), 0));
    }

    private static Value started(Instant requested) {
        return Value.of((double) requested.toEpochMilli(), DAY_AND_TIME.format(requested));
    }
}
