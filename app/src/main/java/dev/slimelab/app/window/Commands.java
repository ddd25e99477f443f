package dev.slimelab.app.window;

import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.command.Command;
import dev.slimelab.app.command.Command.Group;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.LiveViewModel.Face;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.app.window.WindowViewModel.Column;
import dev.slimelab.app.window.WindowViewModel.Panel;
import dev.slimelab.app.window.WindowViewModel.Side;

import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Everything the window can be told to do. Toolbar, tooltips, keys, palette and help are made of
/// this list: a command that is added here is in all of them.
final class Commands {
    /// What only the view can do.
    record Actions(Runnable compose, Runnable focusFilter, Runnable exportFigure) {}

    private static final int VOTES = 4;

    private final WindowViewModel model;
    private final List<Page> pages;
    private final List<Command> all = new ArrayList<>();
    private final Map<Page, Command> ofPage = new HashMap<>();
    private final Map<Aspect, Command> ofAspect = new EnumMap<>(Aspect.class);
    private final Map<ChartOption, Command> ofOption = new EnumMap<>(ChartOption.class);

    final Command newRun;
    final Command start;
    final Command pause;
    final Command stop;
    final Command fork;
    final Command show;
    final Command useAsNewRun;
    final Command compareSamples;
    final Command undo;
    final Command redo;
    final Command export;
    final Command palette;
    final Command help;
    final Command settings;
    final Command appearance;
    final List<Command> scaling;
    final Command dismiss;

    Commands(WindowViewModel model, List<Page> pages, Actions actions) {
        this.model = model;
        this.pages = pages;
        for (Page page : pages) {
            String words = "Go to " + page.name();
            ofPage.put(
                    page,
                    add(
                            Command.of(
                                    Group.PAGES,
                                    page.icon(),
                                    words,
                                    () -> model.page().set(page.name()),
                                    page.key().getName())));
        }
        playground();
        newRun = add(Command.of(Group.RUNS, Feather.PLUS, "New run", actions.compose(), "N"));
        start =
                add(
                        Command.of(Group.RUNS, Feather.PLAY, "Start", model::start, "Ctrl+Enter")
                                .unless(this::noStart));
        pause =
                add(
                        Command.of(
                                        Group.RUNS,
                                        Feather.PAUSE,
                                        "Pause or resume",
                                        model::pauseOrResume,
                                        "Space")
                                .unless(this::noPause));
        stop =
                add(
                        Command.of(Group.RUNS, Feather.SQUARE, "Stop", model::stop, "Ctrl+.")
                                .unless(this::noStop));
        fork =
                add(
                        Command.of(Group.RUNS, Feather.GIT_BRANCH, "Fork", model::chooseFork, "F")
                                .unless(this::noRun));
        useAsNewRun =
                add(
                        Command.of(
                                        Group.RUNS,
                                        Feather.COPY,
                                        "Use as new run",
                                        model::useAsNewRun,
                                        "D")
                                .unless(this::noSettings));
        add(Command.of(Group.RUNS, Feather.INFO, "Settings of the runs", model::inspect, "I"));
        show =
                add(
                        Command.of(
                                        Group.RUNS,
                                        Feather.EYE,
                                        "Show on the charts or hide",
                                        model::toggleOverlay,
                                        "O")
                                .unless(this::noRun));
        add(Command.of(Group.RUNS, Feather.FILTER, "Filter runs", actions.focusFilter(), "/"));
        compareSamples =
                add(
                        Command.of(
                                        Group.RUNS,
                                        Feather.LAYERS,
                                        "Compare samples",
                                        model::compareSamples)
                                .unless(this::noSamples));
        add(
                Command.of(
                        Group.RUNS,
                        Feather.PLAY_CIRCLE,
                        "Train the built-in model",
                        model::trainBuiltIn));
        look(Aspect.CHARTS, Feather.TRENDING_UP, "Charts", "C");
        look(Aspect.TOKENS, Feather.GRID, "Tokens", "T");
        look(Aspect.ANSWERS, Feather.MESSAGE_SQUARE, "Answers", "A");
        look(Aspect.MODIFY, Feather.SLIDERS, "Modify", "M");
        undo =
                add(
                        Command.of(
                                        Group.COMPOSER,
                                        Feather.CORNER_UP_LEFT,
                                        "Undo",
                                        model.composer()::undo,
                                        "Ctrl+Z")
                                .unless(this::noComposer));
        redo =
                add(
                        Command.of(
                                        Group.COMPOSER,
                                        Feather.CORNER_UP_RIGHT,
                                        "Redo",
                                        model.composer()::redo,
                                        "Ctrl+Y")
                                .unless(this::noComposer));
        option(ChartOption.RAW, Feather.ACTIVITY, "Raw trace", "R");
        option(ChartOption.SMOOTHED, Feather.TRENDING_UP, "Smoothing", "S");
        option(ChartOption.LOGARITHMIC_STEPS, Feather.SLIDERS, "Logarithmic steps", "L");
        export =
                add(
                        Command.of(
                                        Group.CHARTS,
                                        Feather.DOWNLOAD,
                                        "Export figure",
                                        actions.exportFigure(),
                                        "E")
                                .unless(this::noFigure));
        palette = panel(Panel.PALETTE, Feather.COMMAND, "Find a command", "Ctrl+K", "Ctrl+Shift+P");
        help = panel(Panel.HELP, Feather.HELP_CIRCLE, "Help and all keys", "F1");
        settings = panel(Panel.SETTINGS, Feather.SETTINGS, "Settings", "Ctrl+,");
        SettingsViewModel comfort = model.settings();
        appearance =
                window(Feather.MOON, "Light or dark appearance", comfort::toggleTheme, "Ctrl+T");
        scaling =
                List.of(
                        add(
                                Command.of(
                                                Group.WINDOW,
                                                Feather.ZOOM_OUT,
                                                "Smaller text",
                                                () -> comfort.scaleBy(-1),
                                                "Ctrl+Minus")
                                        .unless(
                                                () ->
                                                        comfort.canScale(-1)
                                                                ? ""
                                                                : "It is the smallest.")),
                        add(
                                Command.of(
                                                Group.WINDOW,
                                                Feather.ZOOM_IN,
                                                "Larger text",
                                                () -> comfort.scaleBy(1),
                                                "Ctrl+Plus")
                                        .unless(
                                                () ->
                                                        comfort.canScale(1)
                                                                ? ""
                                                                : "It is the largest.")),
                        window(
                                Feather.ROTATE_CCW,
                                "Usual size of text",
                                comfort::resetScale,
                                "Ctrl+0"));
        window(
                Feather.SIDEBAR,
                "Fold or unfold the list of runs",
                () -> model.fold(Column.LIST),
                "Ctrl+B");
        window(
                Feather.SIDEBAR,
                "Fold or unfold the right column",
                () -> model.fold(Column.SIDE),
                "Ctrl+Shift+B");
        dismiss =
                add(
                        Command.of(
                                        Group.WINDOW,
                                        Feather.X,
                                        "Dismiss the notice",
                                        model::dismissNotice,
                                        "Esc")
                                .unless(this::noNotice));
    }

    /// Before those of runs, which have the same keys on other pages.
    private void playground() {
        PlaygroundViewModel playground = model.playground();
        add(
                Command.of(
                                Group.PLAYGROUND,
                                Feather.PLAY,
                                "Generate",
                                playground::generate,
                                "Ctrl+Enter")
                        .unless(this::noPlayground));
        add(
                Command.of(
                                Group.PLAYGROUND,
                                Feather.SQUARE,
                                "Stop generating",
                                playground::stop,
                                "Ctrl+.")
                        .unless(this::noPlayground));
        for (int column = 0; column < VOTES; column++) {
            int voted = column;
            add(
                    Command.of(
                                    Group.PLAYGROUND,
                                    Feather.THUMBS_UP,
                                    "Vote for " + PlaygroundViewModel.letter(column),
                                    () -> playground.vote(voted),
                                    "Ctrl+" + (column + 1))
                            .unless(this::noPlayground));
        }
        add(
                Command.of(
                                Group.PLAYGROUND,
                                Feather.SKIP_FORWARD,
                                "Skip the vote",
                                playground::skip,
                                "Ctrl+5")
                        .unless(this::noPlayground));
    }

    private String noPlayground() {
        boolean shown = model.page().get().equals(WindowViewModel.PLAYGROUND_PAGE);
        return shown ? "" : "The playground is not shown.";
    }

    private Command add(Command command) {
        all.add(command);
        return command;
    }

    private Command window(Feather icon, String words, Runnable action, String... keys) {
        return add(Command.of(Group.WINDOW, icon, words, action, keys));
    }

    private Command panel(Panel panel, Feather icon, String words, String... keys) {
        return window(icon, words, () -> model.toggle(panel), keys);
    }

    private void look(Aspect aspect, Feather icon, String words, String key) {
        ofAspect.put(
                aspect,
                add(
                        Command.of(Group.SIDES, icon, words, () -> model.look(aspect), key)
                                .unless(this::noSingleRun)));
    }

    private void option(ChartOption option, Feather icon, String words, String key) {
        ofOption.put(
                option,
                add(
                        Command.of(
                                        Group.CHARTS,
                                        icon,
                                        words,
                                        () -> model.live().toggle(option),
                                        key)
                                .unless(this::noCharts)));
    }

    /// In the order of the help.
    List<Command> all() {
        return all;
    }

    Command of(Page page) {
        return Objects.requireNonNull(ofPage.get(page));
    }

    Command of(Aspect aspect) {
        return Objects.requireNonNull(ofAspect.get(aspect));
    }

    Command of(ChartOption option) {
        return Objects.requireNonNull(ofOption.get(option));
    }

    // What stands in the way

    private String noRun() {
        return model.current().get() == null ? "No run is chosen." : "";
    }

    private String noSettings() {
        RunEntry run = model.current().get();
        return run != null && run.spec() == null ? "Its settings cannot be read." : noRun();
    }

    private String noStart() {
        return noComposer().isEmpty() && model.composer().spec().get() == null
                ? "The draft cannot be started as it is."
                : noComposer();
    }

    private String noComposer() {
        return model.side().get() == Side.COMPOSER ? "" : "The composer is not open.";
    }

    private String noPause() {
        return model.pending().get() == null && (model.canPauseOrResume() || model.canContinue())
                ? ""
                : inTheWay();
    }

    private String noStop() {
        return model.canStop() ? "" : inTheWay();
    }

    private String inTheWay() {
        RunEntry run = model.current().get();
        if (run == null) {
            return noRun();
        }
        if (run.origin() == Origin.SAMPLE) {
            return run.name() + " is a sample.";
        }
        return model.pending().get() != null
                ? "The engine has not answered yet."
                : run.name() + ": " + run.phase().word() + ".";
    }

    private String noSamples() {
        boolean some =
                model.list().entries().stream().anyMatch(run -> run.origin() == Origin.SAMPLE);
        return some ? "" : "There are no samples.";
    }

    private String noSingleRun() {
        return model.live().face().get() == Face.SINGLE ? "" : "Not one run alone is shown.";
    }

    private String noCharts() {
        return Page.named(model.page().get(), pages).hasCharts() ? "" : "No charts on this page.";
    }

    private String noFigure() {
        String charts = noCharts();
        return charts.isEmpty() && model.mainChart().figure().get().isEmpty()
                ? "The chart is empty."
                : charts;
    }

    private String noNotice() {
        return model.notice().get() == null && model.news().get().isEmpty() ? "There is none." : "";
    }
}
