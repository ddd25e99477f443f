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
import dev.slimelab.app.window.WindowViewModel.Column;
import dev.slimelab.app.window.WindowViewModel.Side;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control.Request;

import javafx.event.EventTarget;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Separator;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What lies on the desk: commands above, three columns, the status line below.
public final class WindowView extends BorderPane implements Keys.Controls {
    /// The outer columns leave the middle so much before they are as wide as they were left.
    private static final double MIDDLE = 520;

    private final WindowViewModel model;
    private final RunListView list;
    private final Region side;
    private final SplitPane columns = new SplitPane();
    private final Commands commands;
    private final Button pause;
    private final Button stop;
    private final Button start;
    private final Button fork;
    private final Button appearance;
    private final HBox notice = new HBox(12);
    private final VBox middle = new VBox();
    private final List<Page> pages;
    private final Map<Page, Region> built = new HashMap<>();
    private @Nullable ComposerView composer;

    public WindowView(WindowViewModel model) {
        this.model = model;
        getStyleClass().add("window");
        pages = pages();
        commands =
                new Commands(
                        model,
                        pages,
                        new Commands.Actions(this::compose, this::focusFilter, this::exportFigure));
        pause = commands.pause.button();
        stop = commands.stop.button();
        start = commands.start.button();
        fork = commands.fork.button();
        appearance = commands.appearance.iconButton();
        list =
                new RunListView(
                        model.list(),
                        new RunListView.Actions(
                                commands.newRun, commands.compareSamples, commands.show));
        list.setMinWidth(180);
        middle.setMinWidth(420);
        side = side();
        side.setMinWidth(280);
        SplitPane.setResizableWithParent(list, false);
        SplitPane.setResizableWithParent(side, false);
        keepWidths();
        showColumns();
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
        for (Column column : Column.values()) {
            model.isShown(column).subscribe((_, _) -> showColumns());
        }
    }

    Commands commands() {
        return commands;
    }

    @Override
    public boolean isInComposer(EventTarget target) {
        Node node = target instanceof Node focused ? focused : null;
        while (node != null && !(node instanceof ComposerView)) {
            node = node.getParent();
        }
        return node != null;
    }

    /// In the list of runs it pauses.
    @Override
    public boolean isNothingToPress(EventTarget target) {
        return list.holds(target);
    }

    private void compose() {
        model.newRun();
        composer().focusFirst();
    }

    private void focusFilter() {
        model.unfold(Column.LIST);
        list.focusFilter();
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
                                        model.playground(), commands().playground, model.theme())));
    }

    private Region live() {
        return new LiveView(
                model.live(),
                model.invitation(),
                new LiveView.Actions(
                        model::trainBuiltIn,
                        commands.useAsNewRun,
                        model::continueRun,
                        commands::of),
                model.theme());
    }

    /// Sets the outer columns' widths in pixels once the window has its size, and whenever one is
    /// unfolded; from then on they are the reader's, and kept.
    private void keepWidths() {
        columns.addEventFilter(MouseEvent.MOUSE_RELEASED, _ -> takeWidths());
        columns.widthProperty()
                .subscribe(
                        (before, now) -> {
                            if (before.doubleValue() == 0 && now.doubleValue() > 0) {
                                divide();
                            }
                        });
    }

    private void showColumns() {
        columns.getItems().setAll(middle);
        if (model.isShown(Column.LIST).getValue()) {
            columns.getItems().addFirst(list);
        }
        if (model.isShown(Column.SIDE).getValue()) {
            columns.getItems().addLast(side);
        }
        divide();
    }

    private void takeWidths() {
        if (columns.getItems().contains(list)) {
            model.keepWidth(Column.LIST, list.getWidth());
        }
        if (columns.getItems().contains(side)) {
            model.keepWidth(Column.SIDE, side.getWidth());
        }
    }

    private void divide() {
        double width = columns.getWidth();
        if (width == 0) {
            return;
        }
        boolean hasList = columns.getItems().contains(list);
        boolean hasSide = columns.getItems().contains(side);
        double room = width - MIDDLE;
        double wide = hasSide ? model.width(Column.SIDE) : 0;
        double left = hasList ? model.width(Column.LIST) : 0;
        wide = hasSide ? Math.max(side.getMinWidth(), Math.min(wide, room - left)) : 0;
        left = hasList ? Math.max(list.getMinWidth(), Math.min(left, room - wide)) : 0;
        if (hasList) {
            columns.setDividerPosition(0, left / width);
        }
        if (hasSide) {
            columns.setDividerPosition(columns.getDividers().size() - 1, 1 - wide / width);
        }
    }

    private static Region grow(Region node) {
        VBox.setVgrow(node, Priority.ALWAYS);
        return node;
    }

    private Region side() {
        InspectorView inspector =
                new InspectorView(model.inspector(), commands.useAsNewRun, model.theme());
        inspector.setId("inspector");
        StackPane both = new StackPane(inspector);
        model.side()
                .subscribe(
                        now -> {
                            inspector.setVisible(now == Side.INSPECTOR);
                            if (now == Side.COMPOSER && composer == null) {
                                both.getChildren().add(composer());
                            }
                            if (composer != null) {
                                composer.setVisible(now == Side.COMPOSER);
                            }
                        });
        return both;
    }

    /// Built when it is first wanted.
    private ComposerView composer() {
        ComposerView made = composer;
        if (made == null) {
            made =
                    new ComposerView(
                            model.composer(),
                            model.composerTools(),
                            new ComposerView.Actions(commands.start, commands.undo, commands.redo),
                            model.theme());
            made.setId("composer");
            composer = made;
        }
        return made;
    }

    private Toolbar toolbar() {
        start.setId("start");
        pause.setId("pause");
        stop.setId("stop");
        Button export = commands.export.iconButton();
        export.setId("export");
        appearance.setId("appearance");
        Button find = commands.palette.iconButton();
        find.setId("find");
        Button settings = commands.settings.iconButton();
        settings.setId("openSettings");
        Button help = commands.help.iconButton();
        help.setId("openHelp");
        HBox charts =
                new HBox(
                        8,
                        chartButton(ChartOption.RAW),
                        chartButton(ChartOption.SMOOTHED),
                        chartButton(ChartOption.LOGARITHMIC_STEPS),
                        export,
                        separator());
        charts.setId("chartTools");
        charts.setAlignment(Pos.CENTER_LEFT);
        model.page().subscribe(_ -> show(charts, page().hasCharts()));
        return new Toolbar(
                List.of(commands.newRun.button(), start, pause, stop, fork),
                pages.stream().map(this::tab).toList(),
                List.of(charts, find, appearance, settings, help));
    }

    private static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    private ButtonBase tab(Page page) {
        ToggleButton tab = new ToggleButton(page.name(), Icons.icon(page.icon()));
        tab.setId("page" + page.name());
        tab.setTooltip(commands.of(page).tooltip(page.name()));
        tab.getStyleClass().addAll("flat", "page-tab");
        tab.setOnAction(
                _ -> {
                    commands.of(page).run();
                    tab.setSelected(true); // pressing the chosen one does not take it back
                });
        model.page().subscribe(_ -> tab.setSelected(page().equals(page)));
        return tab;
    }

    private Page page() {
        return Page.named(model.page().get(), pages);
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

    private ButtonBase chartButton(ChartOption option) {
        Button button = commands.of(option).iconButton();
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
        pause.setDisable(!commands.pause.canRun());
        stop.setText(waiting == Request.STOP ? "Stopping…" : "Stop");
        stop.setDisable(!commands.stop.canRun() || waiting == Request.STOP);
        start.setDisable(!commands.start.canRun());
        fork.setDisable(!commands.fork.canRun());
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
            notice.getChildren().addAll(words, commands.dismiss.iconButton());
        }
    }

    private void showTheme(Theme theme) {
        boolean dark = theme == Theme.DARK;
        String verb = dark ? "Light appearance" : "Dark appearance";
        appearance.setGraphic(Icons.icon(dark ? Feather.SUN : Feather.MOON));
        appearance.setAccessibleText(verb);
        appearance.setTooltip(commands.appearance.tooltip(verb));
    }
}
