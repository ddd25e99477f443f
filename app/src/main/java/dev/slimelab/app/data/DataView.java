package dev.slimelab.app.data;

import dev.slimelab.app.data.DataViewModel.Face;
import dev.slimelab.app.look.Choosing;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/// The page of data: what to read above; its account and its rows below.
public final class DataView extends VBox {

    private final DataViewModel model;
    private final VBox trouble = new VBox(6);
    private final StackPane account = new StackPane();
    private final Button inspect = new Button("Inspect", Icons.icon(Feather.SEARCH));
    private final Button use = new Button("Use in new run", Icons.icon(Feather.CORNER_UP_RIGHT));

    public DataView(DataViewModel model) {
        this.model = model;
        getStyleClass().add("data");
        trouble.setId("dataTrouble");
        trouble.getStyleClass().addAll("card", "trouble");
        VBox content = new VBox(16, trouble, account, new RowsView(model));
        content.getStyleClass().add("data-content");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setAccessibleText("What the data holds");
        scroll.setFocusTraversable(true);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(source(), scroll);
        model.face().subscribe(this::show);
        model.account().subscribe(_ -> show(model.face().get()));
        model.problem().subscribe(this::showTrouble);
        setOnDragOver(
                event -> {
                    if (event.getDragboard().hasFiles()) {
                        event.acceptTransferModes(TransferMode.COPY);
                    }
                });
        setOnDragDropped(
                event -> {
                    set(model.path(), Choosing.dropped(event.getDragboard()));
                    model.inspect();
                    event.setDropCompleted(true);
                });
    }

    private Node source() {
        GridPane form = new GridPane();
        form.setHgap(8);
        form.setVgap(6);
        ColumnConstraints grow = new ColumnConstraints();
        grow.setHgrow(Priority.ALWAYS);
        form.getColumnConstraints().addAll(new ColumnConstraints(), grow);
        Button file = Icons.iconButton(Feather.FILE, "Choose a file", "");
        file.setOnAction(
                _ -> set(model.path(), Choosing.file(window(), "Choose a file of preferences")));
        Button folder = Icons.iconButton(Feather.FOLDER, "Choose a dataset folder", "");
        folder.setOnAction(
                _ -> set(model.path(), Choosing.folder(window(), "Choose a dataset folder")));
        Button base = Icons.iconButton(Feather.FOLDER, "Choose a model folder", "");
        base.setOnAction(
                _ -> set(model.model(), Choosing.folder(window(), "Choose a model folder")));
        form.addRow(
                0,
                new Label("Data"),
                field("dataPath", "File or dataset folder", model.path()),
                new HBox(4, file, folder));
        form.addRow(1, new Label("Model"), field("dataModel", "Model folder", model.model()), base);
        ComboBox<String> format = new ComboBox<>();
        format.setId("dataFormat");
        format.setAccessibleText("Format");
        format.getItems().setAll(DataViewModel.AUTO);
        model.account()
                .subscribe(
                        account -> {
                            if (account != null && format.getItems().size() == 1) {
                                format.getItems().addAll(account.formats());
                            }
                        });
        format.valueProperty().bindBidirectional(model.format());
        TextField longest = field("dataMaxLength", "Longest row, in tokens", model.maxLength());
        longest.setPrefColumnCount(6);
        longest.setMaxWidth(Region.USE_PREF_SIZE);
        inspect.setId("inspect");
        inspect.getStyleClass().add("accent");
        inspect.setMinWidth(Region.USE_PREF_SIZE);
        inspect.setOnAction(_ -> inspectOrCancel());
        use.setId("useData");
        use.setMinWidth(Region.USE_PREF_SIZE);
        use.setOnAction(_ -> model.useAsData());
        HBox length = new HBox(8, new Label("longest row"), longest);
        length.setAlignment(Pos.CENTER_LEFT);
        HBox kind = new HBox(8, new Label("Format"), format);
        kind.setAlignment(Pos.CENTER_LEFT);
        FlowPane settings = new FlowPane(12, 8, kind, length, use, inspect);
        settings.setAlignment(Pos.CENTER_LEFT);
        settings.setMinHeight(Region.USE_PREF_SIZE);
        VBox source = new VBox(6, form, settings, columns());
        source.getStyleClass().add("data-source");
        return source;
    }

    private TitledPane columns() {
        HBox names = new HBox(8);
        names.setAlignment(Pos.CENTER_LEFT);
        model.columns()
                .forEach(
                        (column, name) -> {
                            TextField field = field("column-" + column, column + " column", name);
                            field.setPromptText(column);
                            field.setPrefColumnCount(10);
                            HBox.setHgrow(field, Priority.ALWAYS);
                            Label label = new Label(column);
                            label.setMinWidth(Region.USE_PREF_SIZE);
                            names.getChildren().addAll(label, field);
                        });
        TitledPane pane = new TitledPane("Columns of other names", names);
        pane.setId("columns");
        pane.setExpanded(false);
        pane.setAnimated(false);
        pane.getStyleClass().add("more");
        return pane;
    }

    private TextField field(String id, String spoken, StringProperty value) {
        TextField field = new TextField();
        field.setId(id);
        field.setAccessibleText(spoken);
        field.setPromptText(spoken);
        field.textProperty().bindBidirectional(value);
        field.setOnAction(_ -> model.inspect());
        return field;
    }

    private void inspectOrCancel() {
        if (model.face().get() == Face.LOADING) {
            model.cancel();
        } else {
            model.inspect();
        }
    }

    private static void set(StringProperty path, @Nullable String chosen) {
        if (chosen != null) {
            path.set(chosen);
        }
    }

    private Window window() {
        return getScene().getWindow();
    }

    private void show(Face face) {
        boolean loading = face == Face.LOADING;
        inspect.setText(loading ? "Cancel" : "Inspect");
        inspect.setGraphic(Icons.icon(loading ? Feather.X : Feather.SEARCH));
        Account now = model.account().get();
        use.setDisable(face != Face.LOADED || now == null || now.kept() == 0);
        account.getChildren()
                .setAll(
                        switch (face) {
                            case EMPTY -> List.<Node>of(empty());
                            case LOADING -> List.<Node>of(loading());
                            case FAILED -> List.<Node>of();
                            case LOADED ->
                                    now == null
                                            ? List.<Node>of()
                                            : List.<Node>of(
                                                    new AccountView(now, model.only()::set));
                        });
    }

    private static Label empty() {
        Label words =
                new Label(
                        "See what a model would see of a file of preferences: which rows are used and"
                                + " why others are not, how long they are, what is cut, and every row"
                                + " as tokens. Choose a file, or drop it here.");
        words.setId("dataEmpty");
        words.getStyleClass().add("chart-empty");
        words.setWrapText(true);
        return words;
    }

    private static VBox loading() {
        ProgressBar bar = new ProgressBar(ProgressBar.INDETERMINATE_PROGRESS);
        bar.setAccessibleText("Reading");
        bar.setMaxWidth(Double.MAX_VALUE);
        Label words = new Label("Every row is being read and tokenised.");
        words.getStyleClass().add("quiet");
        VBox loading = new VBox(6, words, bar);
        loading.setId("dataLoading");
        return loading;
    }

    private void showTrouble(@Nullable Problem problem) {
        trouble.setVisible(problem != null);
        trouble.setManaged(problem != null);
        trouble.getChildren().clear();
        if (problem != null) {
            Label what = new Label(problem.what(), Icons.icon(Feather.ALERT_TRIANGLE));
            what.getStyleClass().add("trouble-title");
            Label remedy = new Label(problem.remedy());
            for (Label words : List.of(what, remedy)) {
                words.setWrapText(true);
                words.setMinHeight(Region.USE_PREF_SIZE);
                trouble.getChildren().add(words);
            }
        }
    }
}
