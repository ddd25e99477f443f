package dev.slimelab.app.live;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.library.RunPhase;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The middle of the window: what is known of the runs on show.
///
/// One run has headline numbers, a verdict and a status line; several have a table. The charts
/// follow.
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

    private final Background background;
    private final LineChartViewModel home =
            new LineChartViewModel(ChartSpec.LIKELIHOOD.figure(List.of()));
    private final LineChartViewModel left =
            new LineChartViewModel(ChartSpec.MARGIN.figure(List.of()));
    private final LineChartViewModel right =
            new LineChartViewModel(ChartSpec.LOSS.figure(List.of()));
    private final ReadOnlyObjectWrapper<Face> face = new ReadOnlyObjectWrapper<>(Face.LOADING);
    private final ReadOnlyObjectWrapper<List<Headline>> headlines =
            new ReadOnlyObjectWrapper<>(Headline.none());
    private final ReadOnlyObjectWrapper<@Nullable Verdict> verdict = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Progress> progress =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<ComparisonRow>> comparison =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable Trouble> trouble = new ReadOnlyObjectWrapper<>();
    private @Nullable Path troubledRun;
    private @Nullable RunPhase troubledPhase;
    private String troubledLog = "";

    public LiveViewModel(Background background) {
        this.background = background;
        left.cursorStep().bindBidirectional(home.cursorStep());
        right.cursorStep().bindBidirectional(home.cursorStep());
    }

    public LineChartViewModel home() {
        return home;
    }

    public LineChartViewModel left() {
        return left;
    }

    public LineChartViewModel right() {
        return right;
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
        left.toggle(option);
        right.toggle(option);
    }

    /// Shows these runs; one that is selected is shown in full, others are compared.
    ///
    /// @param selected the run that the status line is about; null when none is
    public void show(List<ShownRun> runs, @Nullable ShownRun selected) {
        List<ChartSpec.RunCurves> curves = runs.stream().map(ShownRun::curves).toList();
        boolean single = runs.size() == 1 && selected != null;
        boolean several = !runs.isEmpty() && !single;
        home.show((several ? ChartSpec.DISPLACEMENT : ChartSpec.LIKELIHOOD).figure(curves));
        left.show(ChartSpec.MARGIN.figure(curves));
        right.show((several ? ChartSpec.SCORE : ChartSpec.LOSS).figure(curves));
        face.set(runs.isEmpty() ? Face.EMPTY : single ? Face.SINGLE : Face.COMPARISON);
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
