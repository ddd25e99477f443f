package dev.slimelab.app.live;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.chart.Mark;
import dev.slimelab.app.library.RunPhase;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The middle of the window: what is known of the runs on show.
///
/// One run has headline numbers, a verdict and a status line; several have a table. The charts
/// follow: one is large, the others are small, and any of them can take the large one's place.
public final class LiveViewModel {
    /// Which of its faces the middle shows.
    public enum Face {
        /// The disk has not been read yet.
        LOADING,
        /// No run is chosen.
        EMPTY,
        SINGLE,
        COMPARISON
    }

    /// From which side a single run is looked at.
    public enum Aspect {
        CHARTS,
        /// A probe pair token by token.
        TOKENS,
        /// What the model writes.
        ANSWERS,
        /// What can be changed while it runs, forks, and what happened.
        MODIFY
    }

    /// A small chart.
    public record Tile(ChartSpec spec, LineChartViewModel chart) {}

    /// The small charts of one run, the most telling first. A chart whose numbers the run does not
    /// have is left out.
    private static final List<ChartSpec> OF_ONE =
            List.of(
                    ChartSpec.MARGIN,
                    ChartSpec.DISPLACEMENT,
                    ChartSpec.GRADIENT_SHARE,
                    ChartSpec.TOKEN_LOGPROBS,
                    ChartSpec.LOSS,
                    ChartSpec.ACCURACY,
                    ChartSpec.DUAL_MARGIN,
                    ChartSpec.ENTROPY,
                    ChartSpec.TOP_MASS,
                    ChartSpec.SCORE,
                    ChartSpec.GRADIENT_NORM,
                    ChartSpec.LEARNING_RATE,
                    ChartSpec.THROUGHPUT,
                    ChartSpec.MEMORY);

    private static final Path NONE = Path.of("");
    private static final List<ChartSpec> OF_SEVERAL = List.of(ChartSpec.MARGIN, ChartSpec.SCORE);

    private final Background background;
    private final LineChartViewModel home =
            new LineChartViewModel(ChartSpec.LIKELIHOOD.figure(List.of()));
    private final Map<ChartSpec, LineChartViewModel> small = new EnumMap<>(ChartSpec.class);
    private final ReadOnlyObjectWrapper<List<Tile>> tiles = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable ChartSpec> enlarged = new SimpleObjectProperty<>();
    private final ObjectProperty<Aspect> aspect = new SimpleObjectProperty<>(Aspect.CHARTS);
    private final TokensViewModel tokens;
    private final AnswersViewModel answers = new AnswersViewModel();
    private final ModifyViewModel modify;
    private List<ShownRun> shown = List.of();
    private final ReadOnlyObjectWrapper<Face> face = new ReadOnlyObjectWrapper<>(Face.LOADING);
    private final ReadOnlyObjectWrapper<List<Headline>> headlines =
            new ReadOnlyObjectWrapper<>(Headline.none());
    private final ReadOnlyObjectWrapper<@Nullable Verdict> verdict = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Progress> progress =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<ComparisonRow>> comparison =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable Trouble> trouble = new ReadOnlyObjectWrapper<>();
    private Path shownAlone = NONE;
    private @Nullable Path troubledRun;
    private @Nullable RunPhase troubledPhase;
    private String troubledLog = "";

    public LiveViewModel(Background background, ModifyViewModel modify) {
        this.background = background;
        this.modify = modify;
        for (ChartSpec spec : ChartSpec.values()) {
            LineChartViewModel chart = new LineChartViewModel(spec.figure(List.of()));
            chart.cursorStep().bindBidirectional(home.cursorStep());
            chart.chosenStep().bindBidirectional(home.chosenStep());
            small.put(spec, chart);
        }
        tokens = new TokensViewModel(background);
        tokens.chosenStep().bindBidirectional(home.chosenStep());
        answers.chosenStep().bindBidirectional(home.chosenStep());
        enlarged.subscribe(_ -> showCharts());
    }

    public LineChartViewModel home() {
        return home;
    }

    /// The small charts. Where one of them is enlarged, the chart that is usually large has its
    /// place.
    public ReadOnlyObjectProperty<List<Tile>> tiles() {
        return tiles.getReadOnlyProperty();
    }

    /// The chart that was put in the large one's place; null for the usual one.
    public ReadOnlyObjectProperty<@Nullable ChartSpec> enlarged() {
        return enlarged;
    }

    /// From which side the run is looked at; several runs have only charts.
    public ObjectProperty<Aspect> aspect() {
        return aspect;
    }

    public TokensViewModel tokens() {
        return tokens;
    }

    public AnswersViewModel answers() {
        return answers;
    }

    public ModifyViewModel modify() {
        return modify;
    }

    /// Shows a step on the charts.
    public void goTo(double step) {
        home.chosenStep().set(step);
        aspect.set(Aspect.CHARTS);
    }

    /// Shows a chart large; the usual one where it is that or null.
    public void enlarge(@Nullable ChartSpec chart) {
        enlarged.set(chart == usual() ? null : chart);
        aspect.set(Aspect.CHARTS);
    }

    public ReadOnlyObjectProperty<Face> face() {
        return face.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<List<Headline>> headlines() {
        return headlines.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable Verdict> verdict() {
        return verdict.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable Progress> progress() {
        return progress.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<List<ComparisonRow>> comparison() {
        return comparison.getReadOnlyProperty();
    }

    /// Why the run on show came to a bad end; null when it did not.
    public ReadOnlyObjectProperty<@Nullable Trouble> trouble() {
        return trouble.getReadOnlyProperty();
    }

    /// Switches something on all charts at once.
    public void toggle(ChartOption option) {
        home.toggle(option);
        small.values().forEach(chart -> chart.toggle(option));
    }

    /// Shows these runs; one that is selected is shown in full, others are compared.
    ///
    /// @param selected the run that the status line is about; null when none is
    public void show(List<ShownRun> runs, @Nullable ShownRun selected) {
        boolean single = runs.size() == 1 && selected != null;
        shown = List.copyOf(runs);
        face.set(runs.isEmpty() ? Face.EMPTY : single ? Face.SINGLE : Face.COMPARISON);
        showCharts();
        ShownRun alone = single ? runs.getFirst() : null;
        Path now = alone == null ? NONE : alone.entry().id();
        if (!now.equals(shownAlone)) {
            shownAlone = now;
            home.chosenStep().set(Double.NaN); // a step of another run
        }
        tokens.show(alone);
        answers.show(alone);
        modify.show(alone);
        comparison.set(single ? List.of() : runs.stream().map(ComparisonRow::of).toList());
        if (single) {
            ShownRun run = runs.getFirst();
            headlines.set(run.metric("loss").isEmpty() ? Headline.none() : Headline.of(run));
            verdict.set(Verdict.of(run));
        } else {
            verdict.set(Verdict.ofSeveral(runs));
        }
        progress.set(selected == null ? null : Progress.of(selected));
        explainTrouble(single ? runs.getFirst() : null);
    }

    private ChartSpec usual() {
        return face.get() == Face.COMPARISON ? ChartSpec.DISPLACEMENT : ChartSpec.LIKELIHOOD;
    }

    private void showCharts() {
        List<ChartSpec.RunCurves> curves = shown.stream().map(ShownRun::curves).toList();
        boolean single = face.get() != Face.COMPARISON;
        List<Mark> marks =
                single && !shown.isEmpty() ? shown.getFirst().journal().marks() : List.of();
        List<ChartSpec> offered = single ? OF_ONE : OF_SEVERAL;
        ChartSpec wanted = enlarged.get();
        ChartSpec large = wanted != null && offered.contains(wanted) ? wanted : usual();
        home.show(large.figure(curves).with(marks));
        List<Tile> next = new ArrayList<>();
        boolean measured = shown.stream().anyMatch(run -> !run.metric("loss").isEmpty());
        for (ChartSpec place : offered) {
            ChartSpec spec = place == large ? usual() : place;
            Figure figure = spec.figure(curves).with(marks);
            LineChartViewModel chart = Objects.requireNonNull(small.get(spec));
            if (!measured || !figure.isEmpty()) {
                chart.show(figure);
                next.add(new Tile(spec, chart));
            }
        }
        if (!next.equals(tiles.get())) {
            tiles.set(next);
        }
    }

    /// Says what happened to a run that ended badly. Its log is read once per run and phase; its
    /// last metrics may be read after its end.
    private void explainTrouble(@Nullable ShownRun run) {
        if (run == null || run.entry().phase().tone() != RunPhase.Tone.BROKEN) {
            trouble.set(null);
            troubledRun = null;
            return;
        }
        if (Objects.equals(troubledRun, run.entry().id()) && troubledPhase == run.entry().phase()) {
            trouble.set(Trouble.of(run, troubledLog));
            return;
        }
        troubledRun = run.entry().id();
        troubledPhase = run.entry().phase();
        troubledLog = "";
        trouble.set(Trouble.of(run, troubledLog));
        background.run(
                "Reading the log of " + run.entry().name(),
                () -> LogTail.of(run.entry().directory()),
                log -> addLog(run, log),
                problem -> addLog(run, problem.what() + " " + problem.remedy()));
    }

    private void addLog(ShownRun run, String log) {
        Trouble shown = trouble.get();
        if (shown != null && run.entry().id().equals(troubledRun)) {
            troubledLog = log;
            trouble.set(
                    new Trouble(
                            shown.title(), shown.what(), shown.remedy(), log, shown.canResume()));
        }
    }
}
