package dev.slimelab.app.live;

import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import java.util.List;

/// A run's line in the table of several: the same columns for all of them, comparable across
/// objectives.
public record ComparisonRow(String name, Hue hue, List<String> cells) {
    /// What the columns are, each with its unit.
    public static final List<Column> COLUMNS =
            List.of(
                    new Column(
                            "Δ chosen",
                            "nat/token",
                            "Change of the chosen log-likelihood since step 0, fixed held-out pairs"),
                    new Column(
                            "Δ rejected",
                            "nat/token",
                            "Change of the rejected log-likelihood since step 0, same pairs"),
                    new Column(
                            "margin",
                            "nat/token",
                            "Chosen minus rejected log-likelihood on the held-out pairs"),
                    new Column("greedy", "of 10", "Score of greedy answers"),
                    new Column("sampled", "of 10", "Score of answers sampled at temperature 1"),
                    new Column("step", "", "Optimisation steps done"));

    /// A column's head.
    public record Column(String label, String unit, String help) {}

    static ComparisonRow of(ShownRun run) {
        return new ComparisonRow(
                run.entry().name(),
                run.hue(),
                List.of(
                        change(run.last("logps_delta/chosen")),
                        change(run.last("logps_delta/rejected")),
                        Numbers.fixed(run.last("probe/margin"), 2),
                        Numbers.fixed(run.last("score/greedy"), 2),
                        Numbers.fixed(run.last("score/sampled"), 2),
                        Numbers.fixed(run.metric("loss").lastStep(), 0)));
    }

    private static String change(double value) {
        return Numbers.change(value, 3);
    }
}
