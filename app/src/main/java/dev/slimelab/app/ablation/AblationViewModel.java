package dev.slimelab.app.ablation;

import dev.slimelab.app.ablation.SweepReader.Found;
import dev.slimelab.app.ablation.SweepReader.Question;
import dev.slimelab.app.ablation.SweepReader.Reading;
import dev.slimelab.app.ablation.SweepReader.Shown;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.sweep.Sweep;
import dev.slimelab.engine.sweep.SweepFolder;
import dev.slimelab.engine.sweep.Template;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The page of ablations without its nodes: a grid in the making, the sweeps there are, and the one
/// on show with its queue and its table.
///
/// Own sweeps wait in one queue, that of the runs' folder. Everything is done to files, and shown
/// when it has been read back.
public final class AblationViewModel {
    private static final Duration BETWEEN_READINGS = Duration.ofMillis(400);

    /// A setting of the grid in the making.
    public static final class Axis {
        private final StringProperty path = new SimpleStringProperty("");
        private final StringProperty values = new SimpleStringProperty("");

        public StringProperty path() {
            return path;
        }

        public StringProperty values() {
            return values;
        }
    }

    /// What the grid in the making comes to: how many runs, or what is wrong with it.
    ///
    /// @param sweep null where something is wrong
    public record Outcome(@Nullable Sweep sweep, int runs, String words) {}

    private final Background background;
    private final SweepReader reader;
    private final EngineProcess engines;
    private final Supplier<@Nullable RunSpec> draft;
    private final RunSpec builtIn;
    private final ObservableList<Found> sweeps = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Path> selected = new SimpleObjectProperty<>();
    private final ObjectProperty<Layout> layout = new SimpleObjectProperty<>(Layout.USUAL);
    private final BooleanProperty editing = new SimpleBooleanProperty(false);
    private final BooleanProperty loaded = new SimpleBooleanProperty(false);
    private final ReadOnlyObjectWrapper<@Nullable Problem> notice = new ReadOnlyObjectWrapper<>();

    private final StringProperty name = new SimpleStringProperty("grid");
    private final StringProperty seeds = new SimpleStringProperty("0, 1, 2");
    private final ObservableList<Axis> axes = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable Template> template = new SimpleObjectProperty<>();
    private final BooleanProperty fromDraft = new SimpleBooleanProperty(false);
    private final ReadOnlyObjectWrapper<Outcome> outcome =
            new ReadOnlyObjectWrapper<>(new Outcome(null, 0, ""));
    private boolean onShow;
    private Background.@Nullable Job checking;

    /// @param draft the composer's spec; null while it is not whole
    /// @param builtIn the base of a grid that does not start from the draft
    public AblationViewModel(
            Background background,
            SweepReader reader,
            EngineProcess engines,
            Supplier<@Nullable RunSpec> draft,
            RunSpec builtIn) {
        this.background = background;
        this.reader = reader;
        this.engines = engines;
        this.draft = draft;
        this.builtIn = builtIn;
        selected.subscribe(_ -> layout.set(Layout.USUAL));
        selected.subscribe(_ -> ask());
        layout.subscribe(_ -> ask());
        for (StringProperty text : List.of(name, seeds)) {
            text.subscribe(_ -> check());
        }
        fromDraft.subscribe(_ -> check());
        template.subscribe(_ -> check());
    }

    /// Begins to follow the disk, and takes up a queue that was left with something to do. Call
    /// once.
    public void open() {
        background.every(BETWEEN_READINGS, reader::poll, this::take, notice::set);
        background.run("", this::takeUp, _ -> {}, notice::set);
    }

    private boolean takeUp() {
        RunQueue queue = new RunQueue(engines.folder());
        boolean left = queue.exists() && !queue.isOwned() && queue.claimable() > 0;
        if (left) {
            engines.workOff(queue);
        }
        return left;
    }

    /// Whether the page is on show; nothing is read while it is not.
    public void show(boolean visible) {
        onShow = visible;
        ask();
    }

    private void ask() {
        reader.ask(onShow ? new Question(selected.get(), layout.get()) : null);
    }

    private void take(Reading reading) {
        if (!sweeps.equals(reading.sweeps())) {
            sweeps.setAll(reading.sweeps());
        }
        if (!loaded.get()) {
            loaded.set(true);
            if (selected.get() == null && !sweeps.isEmpty()) {
                selected.set(sweeps.getFirst().folder().path());
                return;
            }
            editing.set(sweeps.isEmpty());
        }
        if (Objects.equals(reading.question().sweep(), selected.get())) {
            shown.set(reading.shown());
        }
    }

    public ObservableList<Found> sweeps() {
        return sweeps;
    }

    public ObjectProperty<@Nullable Path> selected() {
        return selected;
    }

    /// The selected sweep as the disk has it; null until it is read.
    public ReadOnlyObjectProperty<@Nullable Shown> shown() {
        return shown.getReadOnlyProperty();
    }

    public ObjectProperty<Layout> layout() {
        return layout;
    }

    /// Whether a grid is being put together, instead of one being watched.
    public BooleanProperty editing() {
        return editing;
    }

    public BooleanProperty loaded() {
        return loaded;
    }

    public ReadOnlyObjectProperty<@Nullable Problem> notice() {
        return notice.getReadOnlyProperty();
    }

    public StringProperty name() {
        return name;
    }

    public StringProperty seeds() {
        return seeds;
    }

    public ObservableList<Axis> axes() {
        return axes;
    }

    public ObjectProperty<@Nullable Template> template() {
        return template;
    }

    /// Whether the grid starts from the composer's draft, and not from the built-in model.
    public BooleanProperty fromDraft() {
        return fromDraft;
    }

    public ReadOnlyObjectProperty<Outcome> outcome() {
        return outcome.getReadOnlyProperty();
    }

    // Commands

    /// Begins an empty grid.
    public void newGrid() {
        template.set(null);
        axes.clear();
        addAxis();
        name.set("grid");
        editing.set(true);
    }

    /// Begins a grid as a template has it.
    public void take(Template chosen) {
        axes.clear();
        name.set(chosen.word());
        template.set(chosen);
        seeds.set(chosen == Template.SIMPO ? "0" : "0, 1, 2");
        editing.set(true);
    }

    public void addAxis() {
        Axis axis = new Axis();
        axis.path.subscribe(_ -> check());
        axis.values.subscribe(_ -> check());
        axes.add(axis);
        check();
    }

    public void remove(Axis axis) {
        axes.remove(axis);
        check();
    }

    /// Settings whose path contains what was typed, those that begin with it first.
    public List<String> complete(String typed) {
        String wanted = typed.strip();
        List<String> paths = new ArrayList<>(List.of("objective"));
        paths.addAll(SpecJson.values(base()).keySet());
        return paths.stream()
                .filter(path -> path.contains(wanted) && !path.equals(wanted))
                .sorted(Comparator.comparing(path -> !path.startsWith(wanted)))
                .limit(12)
                .toList();
    }

    private RunSpec base() {
        RunSpec composed = draft.get();
        return fromDraft.get() && composed != null ? composed : builtIn;
    }

    /// Builds the grid, off the window's thread; a later one takes over.
    private void check() {
        if (checking != null) {
            checking.cancel();
        }
        GridDraft grid =
                new GridDraft(
                        name.get(),
                        template.get(),
                        axes.stream()
                                .map(axis -> new GridDraft.Axis(axis.path.get(), axis.values.get()))
                                .toList(),
                        seeds.get(),
                        base());
        Path folder = engines.folder().resolve(grid.name().isEmpty() ? "grid" : grid.name());
        checking =
                background.run(
                        "",
                        () -> judge(grid, folder),
                        outcome::set,
                        problem -> outcome.set(new Outcome(null, 0, words(problem))));
    }

    private static Outcome judge(GridDraft grid, Path folder) {
        Sweep sweep = grid.sweep();
        int runs = sweep.plan(0, Sweep.START).size();
        if (Files.exists(folder)) {
            throw Problem.badRequest(
                    "There is something called " + grid.name() + " already.",
                    "Choose another name.");
        }
        int rows = runs / sweep.seeds().size();
        String stages = sweep.stages() == 1 ? "" : " in the first of " + sweep.stages() + " stages";
        return new Outcome(
                sweep,
                runs,
                "%d %s × %d %s = %d %s%s"
                        .formatted(
                                rows,
                                rows == 1 ? "row" : "rows",
                                sweep.seeds().size(),
                                sweep.seeds().size() == 1 ? "seed" : "seeds",
                                runs,
                                runs == 1 ? "run" : "runs",
                                stages));
    }

    private static String words(Problem problem) {
        return problem.what() + " " + problem.remedy();
    }

    /// Writes the grid's runs and puts them into the queue.
    public void start() {
        Sweep sweep = outcome.get().sweep();
        if (sweep == null) {
            return;
        }
        SweepFolder folder = new SweepFolder(engines.folder().resolve(sweep.name()));
        background.run(
                "Queueing " + sweep.name(),
                () -> {
                    RunQueue queue = new RunQueue(engines.folder());
                    folder.begin(sweep, queue, queue.settings());
                    takeUp();
                    return folder;
                },
                begun -> {
                    editing.set(false);
                    selected.set(begun.path());
                    check();
                },
                notice::set);
    }

    /// Moves a waiting run up or down by one place among its sweep's.
    public void move(Entry entry, int by) {
        Shown now = shown.get();
        if (now == null) {
            return;
        }
        List<Entry> waiting =
                now.entries().stream().filter(e -> e.state() == Entry.State.WAITING).toList();
        int at = waiting.stream().map(Entry::id).toList().indexOf(entry.id());
        int to = at + by;
        if (at >= 0 && to >= 0 && to < waiting.size()) {
            String before =
                    by < 0
                            ? waiting.get(to).id()
                            : to + 1 < waiting.size() ? waiting.get(to + 1).id() : null;
            change(now.queue(), queue -> queue.move(entry.id(), before));
        }
    }

    /// Takes a run up before all that are not urgent, or no longer so.
    public void toggleUrgent(Entry entry) {
        int priority = entry.request().priority() > 0 ? 0 : 1;
        change(queue -> queue.prioritise(entry.id(), priority));
    }

    public void cancel(Entry entry) {
        change(queue -> queue.cancel(entry.id()));
    }

    public void retry(Entry entry) {
        change(queue -> queue.retry(entry.id()));
    }

    public void setPaused(boolean paused) {
        change(queue -> queue.change(queue.settings().pause(paused)));
    }

    public void setAtOnce(int runs) {
        change(queue -> queue.change(queue.settings().atOnce(runs)));
    }

    private void change(Consumer<RunQueue> change) {
        Shown now = shown.get();
        if (now != null) {
            change(now.queue(), change);
        }
    }

    private void change(RunQueue queue, Consumer<RunQueue> change) {
        background.run(
                "",
                () -> {
                    change.accept(queue);
                    if (!queue.isOwned() && queue.claimable() > 0) {
                        engines.workOff(queue);
                    }
                    return queue;
                },
                _ -> {},
                notice::set);
    }

    public void dismissNotice() {
        notice.set(null);
    }
}
