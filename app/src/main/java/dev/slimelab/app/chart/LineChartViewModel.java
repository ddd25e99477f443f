package dev.slimelab.app.chart;

import dev.slimelab.app.chart.Figure.LegendEntry;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The state of a chart that a reader looks at: what is drawn, which part of it, and what is
/// pointed at.
public final class LineChartViewModel {
    private final ObjectProperty<Figure> figure;
    private final ObjectProperty<Set<ChartOption>> options =
            new SimpleObjectProperty<>(EnumSet.of(ChartOption.RAW, ChartOption.SMOOTHED));
    private final ObjectProperty<Viewport> viewport = new SimpleObjectProperty<>(Viewport.ALL);
    private final ObjectProperty<@Nullable String> isolated = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable String> raised = new SimpleObjectProperty<>();
    private final DoubleProperty cursorStep = new SimpleDoubleProperty(Double.NaN);
    private final DoubleProperty chosenStep = new SimpleDoubleProperty(Double.NaN);

    public LineChartViewModel(Figure figure) {
        this.figure = new SimpleObjectProperty<>(figure);
    }

    public ObjectProperty<Figure> figure() {
        return figure;
    }

    public ObjectProperty<Set<ChartOption>> options() {
        return options;
    }

    public ObjectProperty<Viewport> viewport() {
        return viewport;
    }

    /// The label of the only legend entry to show, or null for all.
    public ObjectProperty<@Nullable String> isolated() {
        return isolated;
    }

    /// The label of the legend entry that stands out while the others fade, or null.
    public ObjectProperty<@Nullable String> raised() {
        return raised;
    }

    /// The step under the pointer, NaN when there is none. Bind it between charts to read them
    /// together.
    public DoubleProperty cursorStep() {
        return cursorStep;
    }

    /// The step that was chosen, NaN where none is. Bind it to what shows a single step.
    public DoubleProperty chosenStep() {
        return chosenStep;
    }

    /// Shows a new state of affairs; an isolated curve that is gone frees the others.
    public void show(Figure next) {
        boolean otherCurves = !next.title().equals(figure.get().title());
        figure.set(next);
        String only = isolated.get();
        if (only != null && next.legend().stream().noneMatch(entry -> entry.label().equals(only))) {
            isolated.set(null);
        }
        if (otherCurves) {
            reset();
        }
    }

    /// Shows one legend entry alone, or all again.
    public void toggleIsolated(String label) {
        isolated.set(label.equals(isolated.get()) ? null : label);
    }

    /// Shows the next legend entry alone, or one before where negative; beyond the ends all of
    /// them.
    void isolateNext(int by) {
        List<String> labels = figure.get().legend().stream().map(LegendEntry::label).toList();
        int places = labels.size() + 1;
        int next = Math.floorMod(labels.indexOf(isolated.get()) + 1 + by, places) - 1;
        isolated.set(next < 0 ? null : labels.get(next));
    }

    public void toggle(ChartOption option) {
        EnumSet<ChartOption> next = EnumSet.noneOf(ChartOption.class);
        next.addAll(options.get());
        if (!next.remove(option)) {
            next.add(option);
        }
        options.set(next);
    }

    /// How the figure is looked at now, for writing it.
    public FigureView view() {
        return new FigureView(options.get(), viewport.get(), isolated.get());
    }

    public void reset() {
        viewport.set(Viewport.ALL);
    }
}
