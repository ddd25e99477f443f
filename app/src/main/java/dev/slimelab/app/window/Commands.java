package dev.slimelab.app.window;

import static dev.slimelab.app.command.Command.Group.CHARTS;
import static dev.slimelab.app.command.Command.Group.COMPOSER;
import static dev.slimelab.app.command.Command.Group.PAGES;
import static dev.slimelab.app.command.Command.Group.PLAYGROUND;
import static dev.slimelab.app.command.Command.Group.RUNS;
import static dev.slimelab.app.command.Command.Group.SIDES;
import static dev.slimelab.app.command.Command.Group.WINDOW;

import static org.kordamp.ikonli.feather.Feather.ACTIVITY;
import static org.kordamp.ikonli.feather.Feather.COPY;
import static org.kordamp.ikonli.feather.Feather.CORNER_UP_LEFT;
import static org.kordamp.ikonli.feather.Feather.CORNER_UP_RIGHT;
import static org.kordamp.ikonli.feather.Feather.DOWNLOAD;
import static org.kordamp.ikonli.feather.Feather.EYE;
import static org.kordamp.ikonli.feather.Feather.FILTER;
import static org.kordamp.ikonli.feather.Feather.GIT_BRANCH;
import static org.kordamp.ikonli.feather.Feather.HELP_CIRCLE;
import static org.kordamp.ikonli.feather.Feather.INFO;
import static org.kordamp.ikonli.feather.Feather.LAYERS;
import static org.kordamp.ikonli.feather.Feather.MESSAGE_SQUARE;
import static org.kordamp.ikonli.feather.Feather.MOON;
import static org.kordamp.ikonli.feather.Feather.PAUSE;
import static org.kordamp.ikonli.feather.Feather.PLAY;
import static org.kordamp.ikonli.feather.Feather.PLAY_CIRCLE;
import static org.kordamp.ikonli.feather.Feather.PLUS;
import static org.kordamp.ikonli.feather.Feather.ROTATE_CCW;
import static org.kordamp.ikonli.feather.Feather.SIDEBAR;
import static org.kordamp.ikonli.feather.Feather.SKIP_FORWARD;
import static org.kordamp.ikonli.feather.Feather.SLIDERS;
import static org.kordamp.ikonli.feather.Feather.SQUARE;
import static org.kordamp.ikonli.feather.Feather.THUMBS_UP;
import static org.kordamp.ikonli.feather.Feather.TRENDING_UP;
import static org.kordamp.ikonli.feather.Feather.X;
import static org.kordamp.ikonli.feather.Feather.ZOOM_IN;
import static org.kordamp.ikonli.feather.Feather.ZOOM_OUT;

import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.command.Command;
import dev.slimelab.app.compose.ComposerViewModel;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.LiveViewModel.Face;
import dev.slimelab.app.playground.PlaygroundView;
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
import java.util.stream.IntStream;

/// Everything the window can be told to do. Toolbar, tooltips, keys, palette and help are made of
/// this list: a command that is added here is in all of them.
final class Commands {
    /// What only the view can do.
    record Actions(Runnable compose, Runnable focusFilter, Runnable exportFigure) {}

    private final WindowViewModel model;
    private final List<Page> pages;
    private final List<Command> all = new ArrayList<>();
    private final Map<Page, Command> ofPage = new HashMap<>();
    private final Map<Aspect, Command> ofAspect = new EnumMap<>(Aspect.class);
    private final Map<ChartOption, Command> ofOption = new EnumMap<>(ChartOption.class);

    final PlaygroundView.Actions playground;
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
        ComposerViewModel composer = model.composer();
        SettingsViewModel comfort = model.settings();
        for (Page page : pages) {
            ofPage.put(page, add(to(page)));
        }
        playground = playground(); // before those of runs, which have the same keys elsewhere
        newRun = add(RUNS.command(PLUS, "New run", actions.compose(), "N"));
        start = add(RUNS.command(PLAY, "Start", model::start, "Ctrl+Enter").unless(this::noStart));
        pause =
                add(
                        RUNS.command(PAUSE, "Pause or resume", model::pauseOrResume, "Space")
                                .unless(this::noPause));
        stop = add(RUNS.command(SQUARE, "Stop", model::stop, "Ctrl+.").unless(this::noStop));
        fork = add(RUNS.command(GIT_BRANCH, "Fork", model::chooseFork, "F").unless(this::noRun));
        useAsNewRun =
                add(
                        RUNS.command(COPY, "Use as new run", model::useAsNewRun, "D")
                                .unless(this::noSettings));
        add(RUNS.command(INFO, "Settings of the runs", model::inspect, "I"));
        show =
                add(
                        RUNS.command(EYE, "Show on the charts or hide", model::toggleOverlay, "O")
                                .unless(this::noRun));
        add(RUNS.command(FILTER, "Filter runs", actions.focusFilter(), "/"));
        compareSamples =
                add(
                        RUNS.command(LAYERS, "Compare samples", model::compareSamples)
                                .unless(this::noSamples));
        add(RUNS.command(PLAY_CIRCLE, "Train the built-in model", model::trainBuiltIn));
        side(Aspect.CHARTS, TRENDING_UP, "Charts", "C");
        side(Aspect.TOKENS, Feather.GRID, "Tokens", "T");
        side(Aspect.ANSWERS, MESSAGE_SQUARE, "Answers", "A");
        side(Aspect.MODIFY, SLIDERS, "Modify", "M");
        undo =
                add(
                        COMPOSER.command(CORNER_UP_LEFT, "Undo", composer::undo, "Ctrl+Z")
                                .unless(this::noComposer));
        redo =
                add(
                        COMPOSER.command(CORNER_UP_RIGHT, "Redo", composer::redo, "Ctrl+Y")
                                .unless(this::noComposer));
        option(ChartOption.RAW, ACTIVITY, "Raw trace", "R");
        option(ChartOption.SMOOTHED, TRENDING_UP, "Smoothing", "S");
        option(ChartOption.LOGARITHMIC_STEPS, SLIDERS, "Logarithmic steps", "L");
        export =
                add(
                        CHARTS.command(DOWNLOAD, "Export figure", actions.exportFigure(), "E")
                                .unless(this::noFigure));
        palette = panel(Panel.PALETTE, Feather.COMMAND, "Find a command", "Ctrl+K", "Ctrl+Shift+P");
        help = panel(Panel.HELP, HELP_CIRCLE, "Help and all keys", "F1");
        settings = panel(Panel.SETTINGS, Feather.SETTINGS, "Settings", "Ctrl+,");
        appearance =
                add(
                        WINDOW.command(
                                MOON, "Light or dark appearance", comfort::toggleTheme, "Ctrl+T"));
        scaling =
                List.of(
                        add(
                                WINDOW.command(ZOOM_OUT, "Smaller text", scale(-1), "Ctrl+Minus")
                                        .unless(() -> noScale(-1, "It is the smallest."))),
                        add(
                                WINDOW.command(ZOOM_IN, "Larger text", scale(1), "Ctrl+Plus")
                                        .unless(() -> noScale(1, "It is the largest."))),
                        add(
                                WINDOW.command(
                                        ROTATE_CCW,
                                        "Usual size of text",
                                        comfort::resetScale,
                                        "Ctrl+0")));
        fold(Column.LIST, "Fold or unfold the list of runs", "Ctrl+B");
        fold(Column.SIDE, "Fold or unfold the right column", "Ctrl+Shift+B");
        dismiss =
                add(
                        WINDOW.command(X, "Dismiss the notice", model::dismissNotice, "Esc")
                                .unless(this::noNotice));
    }

    private PlaygroundView.Actions playground() {
        PlaygroundViewModel play = model.playground();
        Command generate = PLAYGROUND.command(PLAY, "Generate", play::generate, "Ctrl+Enter");
        Command halt = PLAYGROUND.command(SQUARE, "Stop generating", play::stop, "Ctrl+.");
        List<Command> votes =
                IntStream.range(0, PlaygroundViewModel.MOST).mapToObj(this::vote).toList();
        String last = "Ctrl+" + (PlaygroundViewModel.MOST + 1);
        Command skip = PLAYGROUND.command(SKIP_FORWARD, "Skip the vote", play::skip, last);
        return new PlaygroundView.Actions(
                add(generate.unless(this::noPlayground)),
                add(halt.unless(this::noPlayground)),
                votes.stream().map(vote -> add(vote.unless(this::noPlayground))).toList(),
                add(skip.unless(this::noPlayground)),
                model::inspectVotes);
    }

    private Command vote(int column) {
        return PLAYGROUND.command(
                THUMBS_UP,
                "Vote for " + PlaygroundViewModel.letter(column),
                () -> model.playground().vote(column),
                "Ctrl+" + (column + 1));
    }

    private Command add(Command command) {
        all.add(command);
        return command;
    }

    private Command to(Page page) {
        return PAGES.command(
                page.icon(),
                "Go to " + page.name(),
                () -> model.page().set(page.name()),
                page.key().getName());
    }

    private void side(Aspect aspect, Feather icon, String words, String key) {
        Command command = SIDES.command(icon, words, () -> model.look(aspect), key);
        ofAspect.put(aspect, add(command.unless(this::noSingleRun)));
    }

    private void option(ChartOption option, Feather icon, String words, String key) {
        Command command = CHARTS.command(icon, words, () -> model.live().toggle(option), key);
        ofOption.put(option, add(command.unless(this::noCharts)));
    }

    private Command panel(Panel panel, Feather icon, String words, String... keys) {
        return add(WINDOW.command(icon, words, () -> model.toggle(panel), keys));
    }

    private void fold(Column column, String words, String key) {
        add(WINDOW.command(SIDEBAR, words, () -> model.fold(column), key));
    }

    private Runnable scale(int by) {
        return () -> model.settings().scaleBy(by);
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
        if (run == null || run.spec() != null) {
            return noRun();
        }
        return run.specProblem() == null
                ? "Its settings are being read."
                : "Its settings cannot be read.";
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

    private String noPlayground() {
        boolean shown = model.page().get().equals(WindowViewModel.PLAYGROUND_PAGE);
        return shown ? "" : "The playground is not shown.";
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

    private String noScale(int by, String why) {
        return model.settings().canScale(by) ? "" : why;
    }

    private String noNotice() {
        return model.notice().get() == null && model.news().get().isEmpty() ? "There is none." : "";
    }
}
