package dev.slimelab.app.window;

import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.compose.ComposerView;
import dev.slimelab.app.compose.InspectorView;
import dev.slimelab.app.library.RunListView;
import dev.slimelab.app.live.LiveView;
import dev.slimelab.app.live.ProgressView;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.window.WindowViewModel.Side;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control.Request;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Separator;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.nio.file.Path;

/// The whole content of the window: commands above, three columns, the status line below.
public final class WindowView extends BorderPane {
    private static final double LIST_WIDTH = 248;
    private static final double SIDE_WIDTH = 348;

    private final WindowViewModel model;
    private final RunListView list;
    private final Button pause = Icons.button(Feather.PAUSE, "Pause", "Space");
    private final Button stop = Icons.button(Feather.SQUARE, "Stop", "Ctrl+.");
    private final Button start = Icons.button(Feather.PLAY, "Start", "Ctrl+Enter");
    private final Button appearance = Icons.iconButton(Feather.MOON, "Dark appearance", "");
    private final HBox notice = new HBox(12);

    public WindowView(WindowViewModel model) {
        this.model = model;
        getStyleClass().add("window");
        list = new RunListView(model.list(), model::newRun);
        list.setMinWidth(180);
        LiveView live =
                new LiveView(
                        model.live(),
                        model.inviting(),
                        new LiveView.Actions(model::trainBuiltIn, model::useAsNewRun),
                        model.theme());
        live.setMinWidth(420);
        Region side = side();
        side.setMinWidth(280);
        SplitPane columns = new SplitPane(list, new VBox(notice, grow(live)), side);
        SplitPane.setResizableWithParent(list, false);
        SplitPane.setResizableWithParent(side, false);
        keepWidths(columns);
        setTop(toolbar());
        setCenter(columns);
        setBottom(new ProgressView(model.live().progress(), model.background().activity()));
        model.current().subscribe(_ -> showCommands());
        model.pending().subscribe(_ -> showCommands());
        model.side().subscribe(_ -> showCommands());
        model.composer().spec().subscribe(_ -> showCommands());
        model.notice().subscribe(_ -> showNotice());
        model.news().subscribe(_ -> showNotice());
        model.theme().subscribe(this::showTheme);
        Keys.install(this, model, new Keys.Actions(list::focusFilter, this::exportFigure));
    }

    /// Sets the outer columns' widths in pixels once the window has its size; from then on they are
    /// the reader's.
    private static void keepWidths(SplitPane columns) {
        columns.widthProperty()
                .subscribe(
                        (before, now) -> {
                            if (before.doubleValue() == 0 && now.doubleValue() > 0) {
                                double width = now.doubleValue();
                                columns.setDividerPositions(
                                        LIST_WIDTH / width, 1 - SIDE_WIDTH / width);
                            }
                        });
    }

    private static Region grow(Region node) {
        VBox.setVgrow(node, Priority.ALWAYS);
        return node;
    }

    private Region side() {
        ComposerView composer = new ComposerView(model.composer(), model::start, model.theme());
        InspectorView inspector =
                new InspectorView(model.inspector(), model::useAsNewRun, model.theme());
        composer.setId("composer");
        inspector.setId("inspector");
        model.side()
                .subscribe(
                        now -> {
                            composer.setVisible(now == Side.COMPOSER);
                            inspector.setVisible(now == Side.INSPECTOR);
                        });
        return new StackPane(inspector, composer);
    }

    private Node toolbar() {
        Button begin = Icons.button(Feather.PLUS, "New run", "N");
        begin.setOnAction(_ -> model.newRun());
        start.setId("start");
        start.setOnAction(_ -> model.start());
        pause.setId("pause");
        pause.setOnAction(_ -> model.pauseOrResume());
        stop.setId("stop");
        stop.setOnAction(_ -> model.stop());
        for (Button button : new Button[] {start, pause, stop}) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        pause.setPrefWidth(104);
        stop.setPrefWidth(104);
        Button compare = Icons.button(Feather.LAYERS, "Compare samples", "");
        compare.setId("compareSamples");
        compare.getStyleClass().add("flat");
        compare.setOnAction(_ -> model.compareSamples());
        Button raw = chartButton(Feather.ACTIVITY, "Raw trace", "R", ChartOption.RAW);
        Button smooth = chartButton(Feather.TRENDING_UP, "Smoothing", "S", ChartOption.SMOOTHED);
        Button logarithmic =
                chartButton(
                        Feather.SLIDERS, "Logarithmic steps", "L", ChartOption.LOGARITHMIC_STEPS);
        Button export = Icons.iconButton(Feather.DOWNLOAD, "Export figure", "E");
        export.setId("export");
        export.setOnAction(_ -> exportFigure());
        appearance.setId("appearance");
        appearance.setOnAction(_ -> model.toggleTheme());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar =
                new HBox(
                        8,
                        begin,
                        start,
                        pause,
                        stop,
                        gap,
                        compare,
                        separator(),
                        raw,
                        smooth,
                        logarithmic,
                        separator(),
                        export,
                        appearance);
        bar.getStyleClass().add("toolbar");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private static Separator separator() {
        Separator line = new Separator(javafx.geometry.Orientation.VERTICAL);
        line.setMaxHeight(20);
        return line;
    }

    private Button chartButton(Feather icon, String verb, String key, ChartOption option) {
        Button button = Icons.iconButton(icon, verb, key);
        button.setOnAction(_ -> model.live().toggle(option));
        model.live()
                .home()
                .options()
                .subscribe(
                        options -> {
                            button.getStyleClass().remove("pressed");
                            if (options.contains(option)) {
                                button.getStyleClass().add("pressed");
                            }
                        });
        return button;
    }

    private void showCommands() {
        Request waiting = model.pending().get();
        boolean paused = model.isPaused();
        pause.setText(
                waiting == Request.PAUSE
                        ? "Pausing…"
                        : waiting == Request.RESUME ? "Resuming…" : paused ? "Resume" : "Pause");
        pause.setGraphic(Icons.icon(paused ? Feather.PLAY : Feather.PAUSE));
        pause.setDisable(!model.canPauseOrResume() || waiting != null);
        stop.setText(waiting == Request.STOP ? "Stopping…" : "Stop");
        stop.setDisable(!model.canStop() || waiting == Request.STOP);
        start.setDisable(
                model.side().get() != Side.COMPOSER || model.composer().spec().get() == null);
    }

    private void exportFigure() {
        Path file = SaveFigureDialog.ask(getScene().getWindow());
        if (file != null) {
            model.exportFigure(file);
        }
    }

    private void showNotice() {
        Problem problem = model.notice().get();
        String news = model.news().get();
        boolean visible = problem != null || !news.isEmpty();
        notice.setId("notice");
        notice.getStyleClass().setAll("notice", problem != null ? "bad" : "good");
        notice.setVisible(visible);
        notice.setManaged(visible);
        notice.getChildren().clear();
        if (visible) {
            Label words =
                    problem != null
                            ? new Label(
                                    problem.what() + " " + problem.remedy(),
                                    Icons.icon(Feather.ALERT_TRIANGLE))
                            : new Label(news, Icons.icon(Feather.CHECK));
            words.setWrapText(true);
            words.setMinWidth(0);
            HBox.setHgrow(words, Priority.ALWAYS);
            Button dismiss = Icons.iconButton(Feather.X, "Dismiss", "Esc");
            dismiss.setOnAction(_ -> model.dismissNotice());
            notice.getChildren().addAll(words, dismiss);
        }
    }

    private void showTheme(Theme theme) {
        boolean dark = theme == Theme.DARK;
        String verb = dark ? "Light appearance" : "Dark appearance";
        appearance.setGraphic(Icons.icon(dark ? Feather.SUN : Feather.MOON));
        appearance.setAccessibleText(verb);
        appearance.setTooltip(new Tooltip(verb + "  Ctrl+T"));
    }
}
