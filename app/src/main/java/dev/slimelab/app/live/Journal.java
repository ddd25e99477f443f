package dev.slimelab.app.live;

import dev.slimelab.app.chart.HeatMap;
import dev.slimelab.app.chart.Mark;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a run has written beside its metrics, at one moment.
///
/// @param samples by step
/// @param rejectedTokens how the rejected tokens' log-probs were distributed, at each step whose
///   single tokens can be looked at
/// @param checkpoints the steps that can be forked from, ascending
public record Journal(
        List<RunEvent> events,
        List<Sample> samples,
        List<HeatMap.Column> rejectedTokens,
        List<Integer> checkpoints) {
    /// Nothing was written, or nobody has looked.
    public static final Journal EMPTY = new Journal(List.of(), List.of(), List.of(), List.of());

    /// A greedy answer to a fixed prompt.
    ///
    /// @param ended whether the answer ended by itself
    public record Sample(int step, String prompt, String answer, boolean ended) {}

    public Journal {
        events = List.copyOf(events);
        samples = List.copyOf(samples);
        rejectedTokens = List.copyOf(rejectedTokens);
        checkpoints = List.copyOf(checkpoints);
    }

    /// The steps whose single tokens can be looked at.
    List<Integer> tokenSteps() {
        return rejectedTokens.stream().map(column -> (int) column.step()).toList();
    }

    List<Integer> sampleSteps() {
        return samples.stream().map(Sample::step).distinct().sorted().toList();
    }

    /// The alarms that were raised and have not cleared, latest first.
    List<RunEvent.Alarm> raised() {
        List<RunEvent.Alarm> raised = new ArrayList<>();
        Set<String> settled = new LinkedHashSet<>();
        for (RunEvent event : events.reversed()) {
            if (event instanceof RunEvent.Cleared cleared) {
                settled.add(cleared.name());
            } else if (event instanceof RunEvent.Alarm alarm && settled.add(alarm.name())) {
                raised.add(alarm);
            }
        }
        return raised;
    }

    /// How the rejected tokens' log-probs were distributed, with the edge of the stabiliser's
    /// region as it was last edited.
    public HeatMap distribution(@Nullable RunSpec spec) {
        return new HeatMap(rejectedTokens, JournalTail.LOWEST, JournalTail.BIN, delta(spec));
    }

    /// Null where the objective has no such region.
    private HeatMap.@Nullable Line delta(@Nullable RunSpec spec) {
        if (spec == null
                || !(spec.objective().stabiliser() instanceof Stabiliser.SoftplusPower softplus)) {
            return null;
        }
        double delta = softplus.delta();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Edited edited
                    && edited.path().equals("objective.stabiliser.delta")) {
                delta = edited.value();
            }
        }
        return new HeatMap.Line(-delta, "−δ = " + Numbers.shortest(-delta));
    }

    /// What is marked on the charts: alarms, and where the run became another one.
    public List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        for (RunEvent event : events) {
            Mark.Kind kind =
                    switch (event) {
                        case RunEvent.Alarm _ -> Mark.Kind.ALARM;
                        case RunEvent.Edited _, RunEvent.Forked _, RunEvent.Resumed _ ->
                                Mark.Kind.CHANGE;
                        case RunEvent.Cleared _, RunEvent.Refused _, RunEvent.Asked _ -> null;
                    };
            if (kind != null) {
                marks.add(new Mark(event.step(), kind, event.sentence()));
            }
        }
        return marks;
    }
}
