package dev.slimelab.app.ablation;

import dev.slimelab.app.ablation.SweepReader.Shown;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.compare.Comparison;
import dev.slimelab.engine.compare.Power;
import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.ResultTable.Cell;
import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.compare.ResultTable.Row;
import dev.slimelab.engine.compare.Sample;
import dev.slimelab.engine.compare.TableFormat;
import dev.slimelab.engine.problem.Problem;

import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The results of a sweep as a table that fills while runs finish, what can be said of it, and the
/// ways to take it along.
final class ResultView extends VBox {
    private static final String AS_PLANNED = "rows as planned";
    private static final String NO_COLUMNS = "a column per metric";

    private final AblationViewModel model;
    private final GridPane grid = new GridPane();
    private final VBox sentences = new VBox(2);
    private final Label empty = new Label();
    private final MenuButton metrics = new MenuButton("Metrics", Icons.icon(Feather.COLUMNS));
    private final ComboBox<String> rows = chooser("resultRows", "Rows");
    private final ComboBox<String> across = chooser("resultColumns", "Columns");
    private final ComboBox<String> baseline = chooser("resultBaseline", "Compared with");
    private final ComboBox<String> interval = chooser("resultInterval", "Interval");
    private final MenuButton copy = new MenuButton("Copy as", Icons.icon(Feather.COPY));
    private final Label copied = new Label();
    private boolean showing = true; // nothing is chosen before there is something to choose from

    ResultView(AblationViewModel model) {
        super(10);
        this.model = model;
        getStyleClass().addAll("card", "ablation-card");
        setId("results");
        Label title = new Label("Results");
        title.getStyleClass().add("column-title");
        copied.getStyleClass().add("quiet");
        copied.setId("copied");
        copy.setId("copyTable");
        for (TableFormat format :
                List.of(TableFormat.LATEX, TableFormat.MARKDOWN, TableFormat.CSV)) {
            MenuItem item = new MenuItem(words(format));
            item.setId("copy-" + format.name().toLowerCase(Locale.ROOT));
            item.setOnAction(_ -> copy(format));
            copy.getItems().add(item);
        }
        metrics.setId("resultMetrics");
        interval.getItems().setAll("Student interval", "bootstrap interval");
        HBox head = new HBox(12, title, AblationView.gap(), copied, copy);
        head.setAlignment(Pos.CENTER_LEFT);
        FlowPane choices = new FlowPane(8, 8, rows, across, baseline, interval, metrics);
        choices.visibleProperty().bind(grid.visibleProperty());
        choices.managedProperty().bind(grid.visibleProperty());
        grid.setId("resultTable");
        grid.getStyleClass().add("result-table");
        ScrollPane scroll = new ScrollPane(grid);
        scroll.setAccessibleText("Table of results");
        scroll.getStyleClass().add("form-scroll");
        scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setFitToHeight(true);
        scroll.managedProperty().bind(grid.visibleProperty());
        empty.getStyleClass().add("quiet");
        empty.setWrapText(true);
        sentences.setId("resultSentences");
        getChildren().addAll(head, choices, empty, scroll, sentences);
        listen();
        model.shown().subscribe(this::show);
    }

    private void listen() {
        rows.valueProperty()
                .subscribe(
                        value ->
                                choose(
                                        now ->
                                                now.rows(
                                                        value.equals(AS_PLANNED)
                                                                ? List.of()
                                                                : List.of(value))));
        across.valueProperty()
                .subscribe(
                        value ->
                                choose(now -> now.across(value.equals(NO_COLUMNS) ? null : value)));
        baseline.valueProperty().subscribe(value -> choose(now -> now.baseline(value)));
        interval.valueProperty()
                .subscribe(
                        value ->
                                choose(
                                        now ->
                                                now.interval(
                                                        value.startsWith("bootstrap")
                                                                ? Sample.IntervalKind.BOOTSTRAP
                                                                : Sample.IntervalKind.STUDENT)));
    }

    private void choose(java.util.function.UnaryOperator<Layout> change) {
        if (!showing) {
            model.layout().set(change.apply(model.layout().get()));
        }
    }

    private static ComboBox<String> chooser(String id, String words) {
        ComboBox<String> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(words);
        box.setTooltip(new Tooltip(words));
        box.setMaxWidth(220);
        return box;
    }

    private static String words(TableFormat format) {
        return switch (format) {
            case LATEX -> "LaTeX (booktabs)";
            case MARKDOWN -> "Markdown";
            case CSV -> "CSV";
            case TEXT -> "text";
        };
    }

    private void copy(TableFormat format) {
        Shown now = model.shown().get();
        if (now == null || now.table() == null) {
            return;
        }
        ClipboardContent content = new ClipboardContent();
        content.putString(format.write(now.table()));
        Clipboard.getSystemClipboard().setContent(content);
        copied.setText("Copied as " + words(format) + ".");
    }

    private void show(@Nullable Shown now) {
        if (now == null) {
            return;
        }
        ResultTable table = now.table();
        Problem problem = now.problem();
        showing = true;
        empty.setText(
                problem != null
                        ? problem.what() + " " + problem.remedy()
                        : "No run has finished yet. The table fills as they do: mean and interval"
                                + " over seeds, and what differs from the first row.");
        empty.setVisible(table == null);
        empty.setManaged(table == null);
        grid.setVisible(table != null);
        copy.setDisable(table == null);
        Layout layout = model.layout().get();
        items(rows, AS_PLANNED, now.differing());
        items(across, NO_COLUMNS, now.differing());
        rows.setValue(layout.rows().isEmpty() ? AS_PLANNED : layout.rows().getFirst());
        across.setValue(layout.across() == null ? NO_COLUMNS : layout.across());
        interval.setValue(
                switch (layout.interval()) {
                    case STUDENT -> "Student interval";
                    case BOOTSTRAP -> "bootstrap interval";
                });
        if (table != null) {
            fill(table);
            List<String> labels = table.rows().stream().map(Row::label).sorted().toList();
            if (!labels.equals(baseline.getItems())) {
                baseline.getItems().setAll(labels);
            }
            baseline.setValue(table.baseline());
            showMetrics(now.metrics(), table);
        }
        showing = false;
    }

    private static void items(ComboBox<String> box, String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        if (!all.equals(box.getItems())) {
            box.getItems().setAll(all);
        }
    }

    private void showMetrics(List<String> measured, ResultTable table) {
        List<String> chosen =
                table.columns().stream().map(ResultTable.Column::metric).distinct().toList();
        if (metrics.getItems().size() != measured.size()) {
            metrics.getItems().setAll(measured.stream().map(this::metricItem).toList());
        }
        for (MenuItem item : metrics.getItems()) {
            ((CheckMenuItem) item).setSelected(chosen.contains(item.getText()));
        }
    }

    private CheckMenuItem metricItem(String key) {
        CheckMenuItem item = new CheckMenuItem(key);
        item.setMnemonicParsing(false);
        item.setOnAction(
                _ -> {
                    List<String> chosen =
                            metrics.getItems().stream()
                                    .filter(each -> ((CheckMenuItem) each).isSelected())
                                    .map(MenuItem::getText)
                                    .toList();
                    model.layout().set(model.layout().get().metrics(chosen));
                });
        return item;
    }

    private void fill(ResultTable table) {
        grid.getChildren().clear();
        grid.add(head(""), 0, 0);
        for (int i = 0; i < table.columns().size(); i++) {
            grid.add(head(table.columns().get(i).title()), i + 1, 0);
        }
        int line = 1;
        for (Row row : table.rows()) {
            boolean isBaseline = row.label().equals(table.baseline());
            Label label = new Label(TableFormat.label(row));
            label.setMinWidth(Region.USE_PREF_SIZE);
            if (isBaseline) {
                label.getStyleClass().add("baseline-row");
            }
            if (row.unfinished() > 0) {
                label.setText(TableFormat.label(row) + "  (" + row.unfinished() + " to come)");
            }
            grid.add(label, 0, line);
            for (int i = 0; i < row.cells().size(); i++) {
                grid.add(cell(table, row, i), i + 1, line);
            }
            line++;
        }
        Label floor = new Label("noise floor");
        floor.getStyleClass().add("quiet");
        floor.setTooltip(
                new Tooltip(
                        "What the means of two groups must differ by to stand out from the noise of "
                                + table.baseline()));
        grid.add(floor, 0, line);
        for (int i = 0; i < table.columns().size(); i++) {
            Label value = number(TableFormat.noise(table, i));
            value.getStyleClass().add("quiet");
            grid.add(value, i + 1, line);
        }
        sentences.getChildren().clear();
        List<String> said = new ArrayList<>(table.sentences());
        said.addAll(table.notes());
        for (String sentence : said) {
            Label words = new Label(sentence);
            words.setWrapText(true);
            sentences.getChildren().add(words);
        }
    }

    private static Label head(String title) {
        Label label = new Label(title);
        label.getStyleClass().addAll("table-head", "quiet");
        label.setMinWidth(Region.USE_PREF_SIZE);
        GridPane.setHalignment(label, HPos.RIGHT);
        return label;
    }

    private static Label number(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("number");
        label.setMinWidth(Region.USE_PREF_SIZE);
        GridPane.setHalignment(label, HPos.RIGHT);
        return label;
    }

    private static Label cell(ResultTable table, Row row, int column) {
        Cell cell = row.cells().get(column);
        Label label = number(TableFormat.cell(table, row, column));
        Sample sample = cell.sample();
        if (sample == null) {
            return label;
        }
        StringBuilder words = new StringBuilder("n = " + sample.n());
        Comparison comparison = cell.comparison();
        if (comparison != null) {
            boolean clear = comparison.verdict() != Comparison.Verdict.CANNOT_TELL;
            label.getStyleClass().add(clear ? "differs" : "unclear");
            words.append(
                    String.format(
                            Locale.ROOT,
                            "%nagainst %s: difference %+.4g, 95 %% interval %.4g to %.4g"
                                    + "%np = %.2g, corrected %.2g; Hedges' g %.1f",
                            table.baseline(),
                            comparison.difference(),
                            comparison.interval().low(),
                            comparison.interval().high(),
                            comparison.p(),
                            comparison.corrected(),
                            comparison.effect()));
            Integer more = comparison.moreSeeds();
            if (more != null) {
                words.append(
                        more > Power.MOST_SEEDS
                                ? "\ncannot tell, and no feasible number of seeds would"
                                : "\ncannot tell; about "
                                        + more
                                        + " more would, if it is as large as it looks");
            }
        }
        label.setTooltip(new Tooltip(words.toString()));
        return label;
    }
}
