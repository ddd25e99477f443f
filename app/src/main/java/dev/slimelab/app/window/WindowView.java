package dev.slimelab.app.window;

import dev.slimelab.app.ablation.AblationView;
import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.compare.CompareView;
import dev.slimelab.app.compose.ComposerView;
import dev.slimelab.app.compose.InspectorView;
import dev.slimelab.app.data.DataView;
import dev.slimelab.app.library.RunListView;
import dev.slimelab.app.live.LiveView;
import dev.slimelab.app.live.ProgressView;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlaygroundView;
import dev.slimelab.app.window.WindowViewModel.Side;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control.Request;

import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Separator;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private final VBox middle = new VBox();
    private final List<Page> pages;
    private final Map<Page, Region> built = new HashMap<>();

    public WindowView(WindowViewModel model) {
        this.model = model;
        getStyleClass().add("window");
        list =
                new RunListView(
                        model.list(),
                        new RunListView.Actions(model::newRun, model::compareSamples));
        list.setMinWidth(180);
        pages = pages();
        middle.setMinWidth(420);
        Region side = side();
        side.setMinWidth(280);
        SplitPane columns = new SplitPane(list, middle, side);
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
        model.page().subscribe(_ -> showPage());
        Keys.install(this, model, new Keys.Actions(pages, list::focusFilter, this::exportFigure));
    }

    private List<Page> pages() {
        return List.of(
                Page.ofCharts(
                        WindowViewModel.LIVE_PAGE, Feather.ACTIVITY, KeyCode.DIGIT1, this::live),
                Page.ofCharts(
                        WindowViewModel.COMPARE_PAGE,
                        Feather.LAYERS,
                        KeyCode.DIGIT2,
                        () -> new CompareView(model.compare(), model.library(), model.theme())),
                Page.of(
                        "Ablations",
                        Feather.GRID,
                        KeyCode.DIGIT3,
                        () -> new AblationView(model.ablations())),
                Page.of(
                        WindowViewModel.DATA_PAGE,
                        Feather.DATABASE,
                        KeyCode.DIGIT4,
                        () -> new DataView(model.data())),
                Page.of(
                        WindowViewModel.PLAYGROUND_PAGE,
                        Feather.MESSAGE_CIRCLE,
                        KeyCode.DIGIT5,
                        () ->
                                new PlaygroundView(
                                        model.playground(), model::inspectVotes, model.theme())));
    }

    private Region live() {
        return new LiveView(
                model.live(),
                model.inviting(),
                new LiveView.Actions(model::trainBuiltIn, model::useAsNewRun, model::continueRun),
                model.theme());
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
        ComposerView composer =
                new ComposerView(
                        model.composer(), model.composerTools(), model::start, model.theme());
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

    private Toolbar toolbar() {
        Button begin = Icons.button(Feather.PLUS, "New run", "N");
        begin.setOnAction(_ -> model.newRun());
        start.setId("start");
        start.setOnAction(_ -> model.start());
        pause.setId("pause");
        pause.setOnAction(_ -> model.pauseOrResume());
        stop.setId("stop");
        stop.setOnAction(_ -> model.stop());
        Button fork = Icons.button(Feather.GIT_BRANCH, "Fork", "F");
        fork.setOnAction(_ -> model.chooseFork());
        model.current().subscribe(run -> fork.setDisable(run == null));
        Button export = Icons.iconButton(Feather.DOWNLOAD, "Export figure", "E");
        export.setId("export");
        export.setOnAction(_ -> exportFigure());
        appearance.setId("appearance");
        appearance.setOnAction(_ -> model.toggleTheme());
        HBox charts =
                new HBox(
                        8,
                        chartButton(Feather.ACTIVITY, "Raw trace", "R", ChartOption.RAW),
                        chartButton(Feather.TRENDING_UP, "Smoothing", "S", ChartOption.SMOOTHED),
                        chartButton(
                                Feather.SLIDERS,
                                "Logarithmic steps",
                                "L",
                                ChartOption.LOGARITHMIC_STEPS),
                        export,
                        separator());
        charts.setId("chartTools");
        charts.setAlignment(Pos.CENTER_LEFT);
        model.page().subscribe(_ -> show(charts, page().hasCharts()));
        return new Toolbar(
                List.of(begin, start, pause, stop, fork),
                pages.stream().map(this::tab).toList(),
                List.of(charts, appearance));
    }

    private static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    private ButtonBase tab(Page page) {
        ToggleButton tab = new ToggleButton(page.name(), Icons.icon(page.icon()));
        tab.setId("page" + page.name());
        tab.setTooltip(new Tooltip(page.name() + "  " + page.key().getName()));
        tab.getStyleClass().addAll("flat", "page-tab");
        tab.setOnAction(_ -> model.page().set(page.name()));
        model.page().subscribe(_ -> tab.setSelected(page().equals(page)));
        return tab;
    }

    /// The page on show; the first where another version of the window remembered one that is gone.
    private Page page() {
        return pages.stream()
                .filter(page -> page.name().equals(model.page().get()))
                .findFirst()
                .orElse(pages.getFirst());
    }

    private void showPage() {
        Region view = built.computeIfAbsent(page(), page -> grow(page.view().get()));
        middle.getChildren().setAll(notice, view);
        model.ablations().show(page().name().equals("Ablations"));
        model.playground().show(page().name().equals(WindowViewModel.PLAYGROUND_PAGE));
    }

    private static Separator separator() {
        Separator line = new Separator(Orientation.VERTICAL);
        line.setMaxHeight(20);
        return line;
    }

    private ButtonBase chartButton(Feather icon, String verb, String key, ChartOption option) {
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
        boolean paused = model.isPaused() || model.canContinue();
        pause.setText(
                waiting == Request.PAUSE
                        ? "Pausing…"
                        : waiting == Request.RESUME ? "Resuming…" : paused ? "Resume" : "Pause");
        pause.setGraphic(Icons.icon(paused ? Feather.PLAY : Feather.PAUSE));
        boolean can = model.canPauseOrResume() || model.canContinue();
        pause.setDisable(!can || waiting != null);
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
        show(notice, visible);
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
