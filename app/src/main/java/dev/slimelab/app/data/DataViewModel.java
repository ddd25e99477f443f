package dev.slimelab.app.data;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry.Answer;
import dev.slimelab.app.background.Question;
import dev.slimelab.app.data.Account.Row;
import dev.slimelab.app.data.Account.Rows;
import dev.slimelab.app.data.Account.Token;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// What is asked about a source of preferences, and what the engine answered.
///
/// An account of the whole source and a few of its rows are two questions: the rows of a large file
/// are there at once, while the account takes its time.
public final class DataViewModel {
    /// What the page shows of the account.
    public enum Face {
        /// Nothing was asked yet.
        EMPTY,
        LOADING,
        /// There is no account; [#problem] says why.
        FAILED,
        LOADED
    }

    /// A row, and where its completions differ.
    public record ShownRow(Row row, Difference difference) {}

    /// Some rows.
    ///
    /// @param next number of the row that the next leaf begins with; null on the last
    public record Leaf(List<ShownRow> rows, @Nullable Integer next) {}

    /// Every row; the other filters are `used`, `dropped` and the codes of problems.
    public static final String ALL = "all";

    /// The format that looks at the file.
    public static final String AUTO = "auto";

    private static final int ROWS_OF_LEAF = 4;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final EngineProcess engines;
    private final Consumer<ObjectNode> useInNewRun;
    private final StringProperty path = new SimpleStringProperty("");
    private final StringProperty model = new SimpleStringProperty("");
    private final StringProperty format = new SimpleStringProperty(AUTO);
    private final StringProperty maxLength = new SimpleStringProperty("1024");
    private final Map<String, StringProperty> columns = new LinkedHashMap<>();
    private final StringProperty only = new SimpleStringProperty(ALL);
    private final ReadOnlyObjectWrapper<Face> face = new ReadOnlyObjectWrapper<>(Face.EMPTY);
    private final ReadOnlyObjectWrapper<@Nullable Account> account = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Leaf> leaf = new ReadOnlyObjectWrapper<>();
    private final Deque<Integer> before = new ArrayDeque<>();
    private int from = 1;
    private final Question accountAsked;
    private final Question rowsAsked;

    /// @param useInNewRun takes the `data` of a spec
    public DataViewModel(
            Background background, EngineProcess engines, Consumer<ObjectNode> useInNewRun) {
        this.accountAsked = new Question(background);
        this.rowsAsked = new Question(background);
        this.engines = engines;
        this.useInNewRun = useInNewRun;
        for (String column : List.of("prompt", "chosen", "rejected")) {
            columns.put(column, new SimpleStringProperty(""));
        }
        only.subscribe((_, _) -> leafTo(1));
    }

    /// The file or dataset folder.
    public StringProperty path() {
        return path;
    }

    /// The folder whose tokenizer and template are used.
    public StringProperty model() {
        return model;
    }

    /// How the file is read: [#AUTO], or one of the formats that an account names.
    public StringProperty format() {
        return format;
    }

    public StringProperty maxLength() {
        return maxLength;
    }

    /// The file's names of `prompt`, `chosen` and `rejected`; empty where they are called that.
    public Map<String, StringProperty> columns() {
        return columns;
    }

    /// Which rows are shown.
    public StringProperty only() {
        return only;
    }

    public ReadOnlyObjectProperty<Face> face() {
        return face.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable Account> account() {
        return account.getReadOnlyProperty();
    }

    /// Why there is no account, or why no run could use the source.
    public ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// The rows on show; null before there are any.
    public ReadOnlyObjectProperty<@Nullable Leaf> leaf() {
        return leaf.getReadOnlyProperty();
    }

    public boolean hasPrevious() {
        return !before.isEmpty();
    }

    /// Suggests a model while none was named.
    public void suggestModel(String folder) {
        if (model.get().isBlank()) {
            model.set(folder);
        }
    }

    // Commands

    /// Asks for the account and the first rows.
    public void inspect() {
        if (path.get().isBlank() || model.get().isBlank()) {
            fail(
                    Problem.badRequest(
                            path.get().isBlank()
                                    ? "No file is named."
                                    : "No model is named, whose tokenizer the rows are shown with.",
                            path.get().isBlank()
                                    ? "Choose a file or a dataset folder."
                                    : "Choose a model folder."));
            return;
        }
        stopAsking();
        account.set(null);
        problem.set(null);
        leaf.set(null);
        face.set(Face.LOADING);
        ask(
                accountAsked,
                List.of("--rows=0"),
                answer -> {
                    if (answer.out().isBlank()) {
                        throw answer.refusal();
                    }
                    return new Loaded(
                            JSON.readValue(answer.out(), Account.class),
                            answer.exitCode() == 0 ? null : answer.refusal());
                },
                loaded -> {
                    account.set(loaded.account());
                    problem.set(loaded.refusal());
                    face.set(Face.LOADED);
                },
                this::fail);
        if (only.get().equals(ALL)) {
            leafTo(1);
        } else {
            only.set(ALL);
        }
    }

    private record Loaded(Account account, @Nullable Problem refusal) {}

    private void fail(Problem refused) {
        problem.set(refused);
        face.set(Face.FAILED);
    }

    /// Ends the questions under way; what is on show stays.
    public void cancel() {
        stopAsking();
        if (face.get() == Face.LOADING) {
            face.set(leaf.get() == null ? Face.EMPTY : Face.LOADED);
        }
    }

    private void stopAsking() {
        accountAsked.cancel();
        rowsAsked.cancel();
    }

    public void nextRows() {
        Leaf now = leaf.get();
        if (now != null && now.next() != null) {
            before.push(from);
            askForRows(now.next());
        }
    }

    public void previousRows() {
        if (hasPrevious()) {
            askForRows(before.pop());
        }
    }

    /// Shows the rows from that one on.
    public void leafTo(int row) {
        before.clear();
        if (row > 1) {
            before.push(1);
        }
        askForRows(Math.max(1, row));
    }

    private void askForRows(int row) {
        if (path.get().isBlank() || model.get().isBlank()) {
            return;
        }
        from = row;
        ask(
                rowsAsked,
                List.of("--rows=" + ROWS_OF_LEAF, "--from=" + row, "--only=" + only.get()),
                answer -> shown(JSON.readValue(answer.accepted(), Rows.class)),
                leaf::set,
                refused -> {
                    if (face.get() == Face.LOADED) {
                        problem.set(refused);
                    }
                });
    }

    private static Leaf shown(Rows rows) {
        return new Leaf(
                rows.rows().stream()
                        .map(
                                row ->
                                        new ShownRow(
                                                row,
                                                Difference.of(
                                                        ids(row.chosen()), ids(row.rejected()))))
                        .toList(),
                rows.next());
    }

    private static List<Integer> ids(List<Token> tokens) {
        return tokens.stream().map(Token::id).toList();
    }

    private <T> void ask(
            Question question,
            List<String> more,
            Function<Answer, T> read,
            Consumer<T> done,
            Consumer<Problem> failed) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("data", path.get().strip(), "--model", model.get().strip()));
        arguments.add("--json");
        arguments.add("--format=" + format.get());
        arguments.add("--max-length=" + maxLength.get().strip());
        columns.forEach(
                (column, name) -> {
                    if (!name.get().isBlank()) {
                        arguments.add("--set=data.columns." + column + "=" + name.get().strip());
                    }
                });
        arguments.addAll(more);
        question.ask("Reading " + path.get(), () -> engines.ask(arguments), read, done, failed);
    }

    /// Makes the source, once there is an account of it, the data of the new run.
    public void useAsData() {
        Account now = account.get();
        if (now == null) {
            return;
        }
        ObjectNode data = JSON.createObjectNode();
        data.put("path", path.get().strip());
        data.put("format", format.get());
        ObjectNode named = JSON.createObjectNode();
        columns.forEach(
                (column, name) -> {
                    if (!name.get().isBlank()) {
                        named.put(column, name.get().strip());
                    }
                });
        if (!named.isEmpty()) {
            data.set("columns", named);
        }
        data.put("maxLength", now.truncation().maxLength());
        useInNewRun.accept(data);
    }
}
