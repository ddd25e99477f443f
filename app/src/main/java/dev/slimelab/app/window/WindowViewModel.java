package dev.slimelab.app.window;

import dev.slimelab.app.ablation.AblationViewModel;
import dev.slimelab.app.ablation.SweepReader;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.ChartExport;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.FigureView;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.compare.CompareViewModel;
import dev.slimelab.app.compare.ComparedRun;
import dev.slimelab.app.compose.ComposerFolder;
import dev.slimelab.app.compose.ComposerTools;
import dev.slimelab.app.compose.ComposerViewModel;
import dev.slimelab.app.compose.InspectorViewModel;
import dev.slimelab.app.compose.InspectorViewModel.Inspected;
import dev.slimelab.app.data.DataViewModel;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.library.RunListViewModel;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.library.RunTableViewModel;
import dev.slimelab.app.library.TableMemory;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.Journal;
import dev.slimelab.app.live.LiveViewModel;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.ModifyViewModel;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.live.ShownRun;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.Control.Request;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Everything the window can do, without a window.
///
/// Its only link to engines is the disk: commands become a new run directory or a file in
/// `control/`, and all that is shown comes back through [RunReader]. A run that was started
/// elsewhere, or before this window, is therefore shown like any other.
public final class WindowViewModel implements AutoCloseable {
    /// What the right column shows.
    public enum Side {
        COMPOSER,
        INSPECTOR
    }

    /// The outer columns; the middle is always there.
    public enum Column {
        LIST(248),
        SIDE(348);

        private final int usualWidth;

        Column(int usualWidth) {
            this.usualWidth = usualWidth;
        }
    }

    /// What covers the window for a moment.
    public enum Panel {
        NONE,
        PALETTE,
        HELP,
        SETTINGS
    }

    /// A request the engine has not yet acknowledged.
    private record Asked(Path run, Request request, RunPhase during) {}

    private static final Duration BETWEEN_READINGS = Duration.ofMillis(100);
    private static final String SHOWN = "shown";
    private static final String SAMPLES =
            "These are finished sample runs: one small model, the same pairs and steps, and a"
                    + " different objective each. Train it yourself and watch.";
    private static final String NOTHING_TRAINED =
            "Nothing has been trained here yet. Begin with the small model that comes along, or"
                    + " compose a run of your own in the right column.";
    static final String LIVE_PAGE = "Live";
    static final String COMPARE_PAGE = "Compare";
    static final String DATA_PAGE = "Data";
    static final String PLAYGROUND_PAGE = "Playground";

    private final Background background;
    private final RunReader reader;
    private final EngineProcess engines;
    private final BuiltIn builtIn;
    private final RunListViewModel list = new RunListViewModel();
    private final LiveViewModel live;
    private final ComposerViewModel composer;
    private final ComposerTools tools;
    private final InspectorViewModel inspector;
    private final CompareViewModel compare;
    private final RunTableViewModel library;
    private final DataViewModel data;
    private final AblationViewModel ablations;
    private final PlaygroundViewModel playground;
    private final StringProperty page;
    private final Memory memory;
    private final SettingsViewModel settings;
    private final ObjectProperty<Panel> panel = new SimpleObjectProperty<>(Panel.NONE);
    private final ReadOnlyObjectWrapper<Side> side = new ReadOnlyObjectWrapper<>(Side.INSPECTOR);
    private final ReadOnlyObjectWrapper<@Nullable Problem> notice = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper news = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable RunEntry> current = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Request> pending = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper invitation = new ReadOnlyStringWrapper("");
    private Map<Path, Map<String, Series>> metrics = Map.of();
    private Journal journal = Journal.EMPTY;
    private List<Inspected> lastInspected = List.of();
    private @Nullable Asked asked;
    private @Nullable Path awaited;
    private Opening opening = Opening.LATEST;
    private boolean opened;

    /// @param builtIn what comes with SlimeLab; its run is the first draft
    /// @param memory what the last window left behind
    public WindowViewModel(
            Background background,
            RunReader reader,
            EngineProcess engines,
            BuiltIn builtIn,
            Memory memory) {
        this.background = background;
        this.reader = reader;
        this.engines = engines;
        this.builtIn = builtIn;
        this.memory = memory;
        settings = new SettingsViewModel(memory);
        inspector = new InspectorViewModel(background, notice::set);
        live =
                new LiveViewModel(
                        background,
                        new ModifyViewModel(background, engines, path -> awaited = path));
        composer = new ComposerViewModel(builtIn.run());
        data = new DataViewModel(background, engines, this::useData);
        composer.spec()
                .subscribe(
                        spec -> {
                            if (spec != null && spec.model().path() != null) {
                                data.suggestModel(spec.model().path());
                            }
                        });
        tools =
                new ComposerTools(
                        composer,
                        background,
                        new ComposerFolder(
                                memory.folder().resolve("composer"),
                                builtIn.templates(),
                                memory.seat()),
                        engines::ask);
        side.subscribe(shown -> tools.watch(shown == Side.COMPOSER));
        ablations =
                new AblationViewModel(
                        background,
                        new SweepReader(engines.folder(), reader.samples()),
                        engines,
                        composer.spec()::get,
                        builtIn.run());
        playground =
                new PlaygroundViewModel(
                        background,
                        engines,
                        list.selected()::get,
                        Path.of(Objects.requireNonNullElse(builtIn.run().model().path(), "tiny")),
                        memory.word("votes", engines.folder().resolve("votes.jsonl").toString()));
        page = memory.word("page", LIVE_PAGE);
        memory.writeWith(this::remember);
        if (memory.seat() > 1) {
            news.set(
                    "SlimeLab is open already. All windows show the same runs; this one keeps a"
                            + " draft of its own.");
        }
        compare = new CompareViewModel(background, notice::set);
        TableMemory table =
                new TableMemory(
                        memory.word("columns", ""),
                        memory.word("columnWidths", ""),
                        memory.word("sorting", ""));
        library = new RunTableViewModel(list, background, table, notice::set);
        compare.chart().options().bindBidirectional(live.home().options());
        list.shown()
                .subscribe(
                        shown -> {
                            reader.watch(shown);
                            refresh();
                        });
        list.selected().subscribe(_ -> refresh());
    }

    /// Begins to follow the disk. Call once.
    public void open(Opening how) {
        opening = how;
        background.every(BETWEEN_READINGS, reader::poll, this::take, notice::set);
        ablations.open();
        playground.open();
    }

    public RunListViewModel list() {
        return list;
    }

    public LiveViewModel live() {
        return live;
    }

    public ComposerViewModel composer() {
        return composer;
    }

    public ComposerTools composerTools() {
        return tools;
    }

    public AblationViewModel ablations() {
        return ablations;
    }

    public PlaygroundViewModel playground() {
        return playground;
    }

    public CompareViewModel compare() {
        return compare;
    }

    public DataViewModel data() {
        return data;
    }

    public RunTableViewModel library() {
        return library;
    }

    /// The name of the page on show.
    public StringProperty page() {
        return page;
    }

    public InspectorViewModel inspector() {
        return inspector;
    }

    public SettingsViewModel settings() {
        return settings;
    }

    public ReadOnlyObjectProperty<Theme> theme() {
        return settings.theme();
    }

    public ObjectProperty<Panel> panel() {
        return panel;
    }

    /// Opens a panel in place of another, or closes it.
    void toggle(Panel which) {
        panel.set(panel.get() == which ? Panel.NONE : which);
    }

    /// Whether a column is not folded away.
    public ObservableValue<Boolean> isShown(Column column) {
        return shown(column).map(SHOWN::equals);
    }

    private StringProperty shown(Column column) {
        return kept(column, "", SHOWN);
    }

    private StringProperty kept(Column column, String what, String otherwise) {
        return memory.word("column " + column.name().toLowerCase(Locale.ROOT) + what, otherwise);
    }

    /// In pixels, as it was left.
    public int width(Column column) {
        String word = keptWidth(column).get();
        return word.matches("[0-9]{1,4}") ? Integer.parseInt(word) : column.usualWidth;
    }

    public void keepWidth(Column column, double width) {
        keptWidth(column).set(String.valueOf(Math.round(width)));
    }

    private StringProperty keptWidth(Column column) {
        return kept(column, " width", "");
    }

    /// Folds a column away, or unfolds it.
    public void fold(Column column) {
        shown(column).set(isShown(column).getValue() ? "folded" : SHOWN);
    }

    public void unfold(Column column) {
        shown(column).set(SHOWN);
    }

    public ReadOnlyObjectProperty<Side> side() {
        return side.getReadOnlyProperty();
    }

    /// Something that went wrong with a command; null when nothing did.
    public ReadOnlyObjectProperty<@Nullable Problem> notice() {
        return notice.getReadOnlyProperty();
    }

    /// What a command has just done and cannot be seen elsewhere, in a sentence; empty when
    /// nothing.
    public ReadOnlyStringProperty news() {
        return news.getReadOnlyProperty();
    }

    /// The run that commands act on.
    public ReadOnlyObjectProperty<@Nullable RunEntry> current() {
        return current.getReadOnlyProperty();
    }

    /// What has been asked of the engine and not yet been done.
    public ReadOnlyObjectProperty<@Nullable Request> pending() {
        return pending.getReadOnlyProperty();
    }

    /// Words that offer the built-in training, until there is a run of one's own; empty from then
    /// on.
    public ReadOnlyStringProperty invitation() {
        return invitation.getReadOnlyProperty();
    }

    public Background background() {
        return background;
    }

    private void take(RunReader.Reading reading) {
        metrics = reading.metrics();
        journal = reading.journal();
        list.update(reading.runs());
        tools.offer(
                reading.runs().stream()
                        .filter(run -> run.specProblem() == null)
                        .map(run -> new ComposerTools.Run(run.name(), run.directory()))
                        .toList());
        library.update(reading.runs());
        playground.offer(reading.runs());
        boolean own = reading.runs().stream().anyMatch(run -> run.origin() == Origin.OWN);
        invitation.set(
                own || opening != Opening.LATEST
                        ? ""
                        : reading.runs().isEmpty() ? NOTHING_TRAINED : SAMPLES);
        if (!opened) {
            opened = true;
            switch (opening) {
                case LATEST -> chooseFirst(reading.runs());
                case COMPARE_ALL -> {
                    list.showEvery();
                    side.set(Side.INSPECTOR);
                }
            }
        }
        Path started = awaited;
        if (started != null && list.entry(started) != null) {
            awaited = null;
            look(started);
        }
        refresh();
    }

    /// What is on show when the window opens: a run that is under way, else one's latest run that
    /// is no part of a grid, else the samples compared, and the composer where there is nothing.
    private void chooseFirst(List<RunEntry> runs) {
        List<RunEntry> own = runs.stream().filter(run -> run.origin() == Origin.OWN).toList();
        own.stream()
                .filter(run -> run.phase().isAlive())
                .findFirst()
                .or(() -> own.stream().filter(RunEntry::isAlone).findFirst())
                .map(RunEntry::id)
                .ifPresentOrElse(
                        this::look,
                        () -> {
                            if (samples(runs).isEmpty()) {
                                side.set(Side.COMPOSER);
                            } else {
                                compareSamples();
                            }
                        });
    }

    private static List<Path> samples(List<RunEntry> runs) {
        return runs.stream()
                .filter(run -> run.origin() == Origin.SAMPLE && run.isAlone())
                .map(RunEntry::id)
                .toList();
    }

    /// Shows a run and its settings.
    public void look(Path id) {
        list.showAlone(id);
        side.set(Side.INSPECTOR);
    }

    public void compareSamples() {
        list.showTogether(samples(list.entries()));
        side.set(Side.INSPECTOR);
    }

    private void refresh() {
        if (!list.loaded().get()) {
            return;
        }
        List<ShownRun> shown = new ArrayList<>();
        Journal written = list.shown().get().size() == 1 ? journal : Journal.EMPTY;
        for (Path id : list.shown().get()) {
            RunEntry entry = list.entry(id);
            if (entry != null) {
                shown.add(
                        new ShownRun(
                                entry, list.hue(id), metrics.getOrDefault(id, Map.of()), written));
            }
        }
        RunEntry selected = list.entry(list.selected().get());
        current.set(selected);
        acknowledge(selected);
        ShownRun status =
                shown.stream()
                        .filter(run -> selected != null && run.entry().id().equals(selected.id()))
                        .findFirst()
                        .orElse(null);
        // Until a run that was just chosen is read, what is shown stays as it is.
        if (metrics.keySet().containsAll(list.shown().get())) {
            live.show(shown, status);
            compare.show(shown.stream().map(ComparedRun::of).toList());
            inspect(shown);
        }
    }

    private void inspect(List<ShownRun> shown) {
        List<Inspected> inspected = new ArrayList<>();
        for (ShownRun run : shown) {
            RunSpec spec = run.entry().spec();
            if (spec != null) {
                inspected.add(new Inspected(run.entry().name(), spec));
            }
        }
        if (!inspected.equals(lastInspected)) {
            lastInspected = List.copyOf(inspected);
            inspector.show(inspected);
        }
    }

    private void acknowledge(@Nullable RunEntry selected) {
        Asked open = asked;
        boolean waiting =
                open != null
                        && selected != null
                        && open.run().equals(selected.id())
                        && open.during() == selected.phase();
        if (!waiting && open != null && (selected == null || open.run().equals(selected.id()))) {
            asked = null;
        }
        pending.set(waiting && open != null ? open.request() : null);
    }

    // Commands

    /// Opens the composer.
    public void newRun() {
        turnTo(Side.COMPOSER);
    }

    private void turnTo(Side next) {
        side.set(next);
        unfold(Column.SIDE);
    }

    /// Shows the settings of the runs on the charts again.
    public void inspect() {
        turnTo(Side.INSPECTOR);
    }

    /// Starts the draft, with the last letter that was typed.
    public void start() {
        tools.text().whenRead(this::startDraft);
    }

    private void startDraft() {
        RunSpec spec = composer.spec().get();
        if (side.get() == Side.COMPOSER && spec != null) {
            start(spec);
        }
    }

    public void trainBuiltIn() {
        composer.open(builtIn.run());
        start(builtIn.run());
    }

    /// A relative path holds from the working directory, as on the command line.
    private void start(RunSpec draft) {
        RunSpec spec = SpecJson.changed(draft, List.of());
        dismissNotice();
        background.run(
                "Starting " + spec.name(),
                () -> engines.start(spec),
                run -> awaited = run.path(),
                notice::set);
    }

    /// Begins a draft with the settings of the current run.
    public void useAsNewRun() {
        RunEntry run = current.get();
        RunSpec spec = run == null ? null : run.spec();
        if (spec != null) {
            composer.open(spec);
            turnTo(Side.COMPOSER);
        }
    }

    /// Shows what a run would make of the votes.
    public void inspectVotes() {
        data.path().set(playground.votes().get());
        page.set(DATA_PAGE);
        data.inspect();
    }

    private void useData(ObjectNode section) {
        composer.useData(section);
        turnTo(Side.COMPOSER);
    }

    public boolean canPauseOrResume() {
        RunEntry run = current.get();
        return run != null
                && run.origin() == Origin.OWN
                && (run.phase() == RunPhase.TRAINING
                        || run.phase() == RunPhase.EVALUATING
                        || run.phase() == RunPhase.PAUSED);
    }

    /// Whether the current run was cut short, and an engine can go on with it.
    public boolean canContinue() {
        RunEntry run = current.get();
        return run != null
                && run.origin() == Origin.OWN
                && run.status() != null
                && run.phase().isInterrupted();
    }

    /// Starts an engine on the current run's newest checkpoint.
    public void continueRun() {
        RunEntry run = current.get();
        if (run == null || !canContinue()) {
            return;
        }
        dismissNotice();
        asked = new Asked(run.id(), Request.RESUME, run.phase());
        pending.set(Request.RESUME);
        background.run(
                "Resuming " + run.name(),
                () -> {
                    engines.resume(run.directory());
                    return run;
                },
                _ -> {},
                problem -> {
                    asked = null;
                    pending.set(null);
                    notice.set(problem);
                });
    }

    public boolean canStop() {
        RunEntry run = current.get();
        return run != null && run.origin() == Origin.OWN && run.phase().isAlive();
    }

    public boolean isPaused() {
        RunEntry run = current.get();
        return run != null && run.phase() == RunPhase.PAUSED;
    }

    public void pauseOrResume() {
        if (canContinue()) {
            continueRun();
        } else if (canPauseOrResume()) {
            ask(isPaused() ? Request.RESUME : Request.PAUSE);
        }
    }

    public void stop() {
        if (canStop()) {
            ask(Request.STOP);
        }
    }

    private void ask(Request request) {
        RunEntry run = Objects.requireNonNull(current.get());
        asked = new Asked(run.id(), request, run.phase());
        pending.set(request);
        background.run(
                "Asking " + run.name() + " to " + request.word(),
                () -> {
                    new Control(run.directory().control()).ask(request);
                    return request;
                },
                _ -> {},
                notice::set);
    }

    /// Opens the place where the current run is changed and forked.
    public void chooseFork() {
        RunEntry run = current.get();
        if (run != null) {
            list.showAlone(run.id());
            look(Aspect.MODIFY);
        }
    }

    /// Looks at the run on show from another side.
    public void look(Aspect aspect) {
        live.aspect().set(aspect);
        page.set(LIVE_PAGE);
    }

    /// Adds the current run to the charts or takes it off.
    public void toggleOverlay() {
        RunEntry run = current.get();
        if (run != null) {
            list.toggleShown(run.id());
        }
    }

    /// The one that is exported.
    LineChartViewModel mainChart() {
        return page.get().equals(COMPARE_PAGE) ? compare.chart() : live.home();
    }

    /// Writes the page's main chart as it is on the screen, in the format of the file's ending.
    public void exportFigure(Path file) {
        LineChartViewModel chart = mainChart();
        Figure figure = chart.figure().get();
        FigureView view = chart.view();
        Theme now = theme().get();
        dismissNotice();
        background.run(
                "Writing " + file.getFileName(),
                () -> {
                    writeFigure(new ChartExport(now, ChartExport.Size.DEFAULT, view), figure, file);
                    return file;
                },
                written -> news.set("Figure saved as " + written + "."),
                notice::set);
    }

    private static void writeFigure(ChartExport export, Figure figure, Path file) {
        try {
            export.write(figure, file);
        } catch (IOException e) {
            throw Problem.failed(
                    file + " could not be written: " + e.getMessage() + ".",
                    "Choose a folder that can be written.",
                    e);
        }
    }

    private void remember(Runnable write) {
        background.run(
                "",
                () -> {
                    write.run();
                    return true;
                },
                _ -> {},
                notice::set);
    }

    public void dismissNotice() {
        notice.set(null);
        news.set("");
    }

    @Override
    public void close() {
        tools.close();
        playground.close();
        background.close();
        memory.close();
    }
}
