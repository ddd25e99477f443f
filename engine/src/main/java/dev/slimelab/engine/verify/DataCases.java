package dev.slimelab.engine.verify;

import dev.slimelab.engine.data.Message;
import dev.slimelab.engine.data.PairEncoder;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.PreferenceRow;
import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.Recognition;
import dev.slimelab.engine.data.RowProblem;
import dev.slimelab.engine.data.RowProblem.Severity;
import dev.slimelab.engine.data.RowReading;
import dev.slimelab.engine.data.TokenPair;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.file.Sha256;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Files of preference data against independent readers (`expected.json`), token ids against TRL
/// (`tokenizer/tokenized.json`), and what malformed files must be told
/// (`bad/expected_errors.json`).
///
/// An error counts what differs: 0 or nothing passes.
final class DataCases {
    /// The shared names of formats, and what we call them with the container they come in.
    private static final Map<String, String> OUR_FORMATS =
            Map.of(
                    "explicit_conversational", "explicit, conversational (JSON lines)",
                    "explicit_standard", "explicit, standard (JSON lines)",
                    "implicit_conversational", "implicit, conversational (JSON lines)",
                    "ultrafeedback_parquet", "ultrafeedback, conversational (Parquet)",
                    "llamafactory_sharegpt_ranking",
                            "sharegpt-ranking, conversational (a JSON array)",
                    "hh_transcript", "hh-transcript, conversational (JSON lines, gzip)",
                    "csv_explicit", "explicit, standard (CSV)",
                    "h2o_flat", "flat, conversational (CSV)",
                    "sft_messages", "messages, conversational (JSON lines)");

    /// Longer than any row of the fixtures.
    private static final int UNLIMITED = 1 << 20;

    private final Path folder;
    private final Selection selection;
    private final Consumer<Outcome> outcomes;

    DataCases(Path folder, Selection selection, Consumer<Outcome> outcomes) {
        this.folder = folder;
        this.selection = selection;
        this.outcomes = outcomes;
    }

    /// Whether a folder holds such fixtures.
    static boolean areIn(Path folder) {
        return Files.exists(folder.resolve("expected.json"))
                && Files.exists(folder.resolve("bad").resolve("expected_errors.json"));
    }

    void run() {
        forEach(
                "data/",
                SpecJson.readTree(folder.resolve("expected.json")).get("files"),
                this::checkRows);
        forEach(
                "data/bad/",
                SpecJson.readTree(folder.resolve("bad/expected_errors.json")).get("files"),
                this::checkBad);
        if (selection.reaches("data/tokenized")) {
            checkTokens(SpecJson.readTree(folder.resolve("tokenizer/tokenized.json")));
        }
    }

    private interface Check {
        /// @return what differs, in words
        List<String> differences(String file, JsonNode expected);
    }

    private void forEach(String prefix, JsonNode cases, Check check) {
        for (Map.Entry<String, JsonNode> each : cases.properties()) {
            String id = prefix + each.getKey();
            if (selection.includes(id)) {
                report(id, "rows", check.differences(each.getKey(), each.getValue()));
            }
        }
    }

    private void report(String id, String kind, List<String> differences) {
        String first = differences.isEmpty() ? "" : " (" + differences.getFirst() + ")";
        outcomes.accept(Outcome.compared(id + first, kind, differences.size(), 0));
    }

    private List<String> checkRows(String file, JsonNode expected) {
        PairSource source = PairSource.of(folder.resolve(file), null, null);
        Recognition recognition = source.recognise();
        MessageDigest digest = Sha256.digest();
        int rows = 0;
        try (Stream<RowReading> readings = source.read(recognition)) {
            for (RowReading reading : (Iterable<RowReading>) readings::iterator) {
                PreferenceRow row = reading.row();
                if (row != null) {
                    digest.update(normalised(row.content()).getBytes(StandardCharsets.UTF_8));
                    rows++;
                }
            }
        }
        List<String> differences = new ArrayList<>();
        String format = OUR_FORMATS.get(expected.get("format").stringValue());
        compare(differences, "format", format, recognition.words());
        compare(differences, "rows", expected.get("rows").asString(), String.valueOf(rows));
        compare(differences, "sha256", expected.get("sha256").stringValue(), source.sha256());
        compare(
                differences,
                "digest of the texts",
                expected.get("rows_digest").stringValue(),
                HexFormat.of().formatHex(digest.digest()));
        return differences;
    }

    private static void compare(
            List<String> differences, String what, @Nullable String theirs, String ours) {
        if (!ours.equals(theirs)) {
            differences.add("%s: %s, not %s".formatted(what, ours, theirs));
        }
    }

    /// As `expected.json` defines it: roles and texts of the prompt, then both completions.
    private static String normalised(Content content) {
        List<Message> prompt =
                switch (content) {
                    case Strings strings -> strings.asConversation().prompt();
                    case Conversation conversation -> conversation.prompt();
                };
        var text = new StringBuilder();
        for (Message message : prompt) {
            text.append(message.role().key()).append('\u001f');
            text.append(message.content()).append('\u001e');
        }
        text.append(content.chosenText()).append('\u001e');
        return text.append(content.rejectedText()).append('\u001d').toString();
    }

    private List<String> checkBad(String file, JsonNode expected) {
        PairSource source = PairSource.of(folder.resolve("bad").resolve(file), null, null);
        List<RowReading> readings;
        try (Stream<RowReading> read = source.read(source.recognise())) {
            readings = read.toList();
        }
        List<RowProblem> problems =
                readings.stream().flatMap(reading -> reading.problems().stream()).toList();
        List<String> differences = new ArrayList<>();
        checkGoodRows(differences, expected.get("good_rows"), readings);
        List<RowProblem> errors =
                problems.stream()
                        .filter(problem -> problem.severity().compareTo(Severity.MALFORMED) <= 0)
                        .toList();
        for (JsonNode error : expected.get("errors")) {
            requireTold(differences, error, errors);
        }
        for (JsonNode warning : expected.get("warnings")) {
            requireTold(differences, warning, problems);
        }
        if (expected.get("accept").booleanValue() != errors.isEmpty()) {
            differences.add(
                    errors.isEmpty()
                            ? "nothing was refused"
                            : "refused: " + errors.getFirst().message());
        }
        return differences;
    }

    private static void checkGoodRows(
            List<String> differences, JsonNode expected, List<RowReading> readings) {
        boolean readable =
                readings.stream()
                        .flatMap(reading -> reading.problems().stream())
                        .noneMatch(problem -> problem.severity() == Severity.FILE);
        List<Integer> usable =
                readings.stream()
                        .filter(reading -> readable && reading.usableRow() != null)
                        .map(reading -> reading.place().row())
                        .toList();
        if (!expected.isNull()) {
            List<Integer> wanted = expected.valueStream().map(JsonNode::intValue).toList();
            compare(differences, "good rows", wanted.toString(), usable.toString());
        }
    }

    /// The code, the field and every position that is given must be told, and the message must name
    /// whatever else stands there: the byte, the columns, the type or value found, the other row.
    private static void requireTold(
            List<String> differences, JsonNode expected, List<RowProblem> problems) {
        boolean told =
                problems.stream()
                        .anyMatch(
                                problem ->
                                        isAt(expected, problem.place())
                                                && is(expected, "code", problem.code().key())
                                                && is(expected, "field", problem.field())
                                                && names(expected, problem.message()));
        if (!told) {
            differences.add(
                    "not told: "
                            + expected
                            + "; told: "
                            + problems.stream().map(RowProblem::message).toList());
        }
    }

    private static boolean isAt(JsonNode expected, Place place) {
        return expected.path("line").asInt(place.line()) == place.line()
                && expected.path("row").asInt(place.row()) == place.row();
    }

    private static boolean is(JsonNode expected, String key, @Nullable String ours) {
        return !expected.has(key) || expected.get(key).stringValue().equals(ours);
    }

    private static boolean names(JsonNode expected, String message) {
        Stream<JsonNode> details =
                Stream.of("byte_offset_in_file", "encoding", "found", "expected", "value", "of_row")
                        .filter(expected::has)
                        .map(expected::get);
        return Stream.concat(details, expected.path("columns").valueStream())
                .allMatch(detail -> message.contains(detail.asString()));
    }

    private void checkTokens(JsonNode expected) {
        int maxLength = expected.get("max_length").intValue();
        try (Tokenizer tokenizer = Tokenizer.load(folder.resolve("tokenizer"))) {
            var whole = new PairEncoder(tokenizer, null, UNLIMITED);
            var cut = new PairEncoder(tokenizer, null, maxLength);
            for (JsonNode test : expected.get("conversational")) {
                String id =
                        "data/tokenized/%s/%d"
                                .formatted(
                                        test.get("file").stringValue(), test.get("row").intValue());
                if (selection.includes(id)) {
                    PreferenceRow row = row(test);
                    List<String> differences = new ArrayList<>();
                    checkIds(differences, test, whole.encode(row).pair());
                    checkCut(
                            differences,
                            test.get("keep_start_" + maxLength),
                            test.get("kept_max_length_" + maxLength).booleanValue(),
                            cut.encode(row).pair());
                    report(id, "ids", differences);
                }
            }
            int number = 0;
            for (JsonNode test : expected.get("standard_strings")) {
                String id = "data/tokenized/strings/" + ++number;
                if (selection.includes(id)) {
                    PairEncoder.Encoded encoded = whole.encode(strings(test));
                    List<String> differences = new ArrayList<>();
                    checkIds(differences, test, encoded.pair());
                    boolean shared =
                            encoded.problems().stream()
                                    .anyMatch(
                                            problem ->
                                                    problem.code()
                                                                    == RowProblem.Code
                                                                            .PREFIX_MISMATCH
                                                            && "chosen".equals(problem.field()));
                    compare(
                            differences,
                            "prefix mismatch",
                            test.get("prefix_mismatch").asString(),
                            String.valueOf(shared));
                    report(id, "ids", differences);
                }
            }
        }
    }

    private static void checkIds(
            List<String> differences, JsonNode expected, @Nullable TokenPair pair) {
        if (pair == null) {
            differences.add("left out");
            return;
        }
        compareIds(differences, "prompt", expected.get("prompt_ids"), pair.prompt());
        compareIds(differences, "chosen", expected.get("chosen_ids"), pair.chosen());
        compareIds(differences, "rejected", expected.get("rejected_ids"), pair.rejected());
    }

    /// Ids are stored only where something was cut, and for the first rows.
    private static void checkCut(
            List<String> differences, JsonNode expected, boolean kept, @Nullable TokenPair pair) {
        compare(differences, "kept", String.valueOf(kept), String.valueOf(pair != null));
        if (!kept || pair == null) {
            return;
        }
        checkCutSide(differences, expected, "chosen", pair.prompt(), pair.chosen());
        checkCutSide(differences, expected, "rejected", pair.prompt(), pair.rejected());
    }

    private static void checkCutSide(
            List<String> differences,
            JsonNode expected,
            String side,
            int[] prompt,
            int[] completion) {
        compare(
                differences,
                side + " tokens kept",
                expected.get(side + "_completion_tokens").asString(),
                String.valueOf(completion.length));
        JsonNode ids = expected.path(side + "_input_ids");
        if (ids.isArray()) {
            int[] both = Arrays.copyOf(prompt, prompt.length + completion.length);
            System.arraycopy(completion, 0, both, prompt.length, completion.length);
            compareIds(differences, side + " cut", ids, both);
        }
    }

    private static void compareIds(
            List<String> differences, String what, JsonNode theirs, int[] ours) {
        int[] ids = theirs.valueStream().mapToInt(JsonNode::intValue).toArray();
        if (!Arrays.equals(ids, ours)) {
            differences.add(what + " ids differ");
        }
    }

    private PreferenceRow row(JsonNode test) {
        PairSource source =
                PairSource.of(folder.resolve(test.get("file").stringValue()), null, null);
        try (Stream<RowReading> readings = source.read(source.recognise())) {
            return readings.skip(test.get("row").intValue() - 1)
                    .map(RowReading::row)
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    Problem.badRequest(
                                            "There is no row " + test.get("row") + ".",
                                            "Repair tokenized.json."));
        }
    }

    /// Texts of the case's own, or those of a row, whose single turns are taken as plain strings.
    private PreferenceRow strings(JsonNode test) {
        if (test.has("prompt")) {
            return new PreferenceRow(
                    new Place("", 1, 1),
                    Kind.PAIRS,
                    new Strings(
                            test.get("prompt").stringValue(),
                            test.get("chosen").stringValue(),
                            test.get("rejected").stringValue()),
                    null);
        }
        PreferenceRow row = row(test);
        Content content = row.content();
        return new PreferenceRow(
                row.place(),
                row.kind(),
                new Strings(content.promptText(), content.chosenText(), content.rejectedText()),
                null);
    }
}
