package dev.slimelab.app.live;

import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One large number: what it measures, its value and unit, and how far it has come since step 0.
///
/// @param hue the colour of its curve, null where it has none
public record Headline(String label, @Nullable Hue hue, String value, String unit, String change) {
    private static final String PER_TOKEN = "nat/token";

    /// The four numbers of a run.
    static List<Headline> of(ShownRun run) {
        return List.of(
                likelihood("chosen likelihood", Hue.CHOSEN, run, "chosen"),
                likelihood("rejected likelihood", Hue.REJECTED, run, "rejected"),
                new Headline(
                        "margin",
                        Hue.GREEN,
                        Numbers.fixed(run.smoothed("logps_mean/margin"), 2),
                        PER_TOKEN,
                        since(Numbers.change(run.smoothedChange("logps_mean/margin"), 2))),
                new Headline(
                        "pairs ranked right",
                        null,
                        Numbers.fixed(run.smoothed("rewards/accuracies") * 100, 1),
                        "%",
                        since(
                                Numbers.change(run.smoothedChange("rewards/accuracies") * 100, 0)
                                        + " pts")));
    }

    /// Placeholders of the same size, for a run that has not measured anything yet.
    static List<Headline> none() {
        return List.of(
                new Headline("chosen likelihood", Hue.CHOSEN, Numbers.NOTHING, PER_TOKEN, ""),
                new Headline("rejected likelihood", Hue.REJECTED, Numbers.NOTHING, PER_TOKEN, ""),
                new Headline("margin", Hue.GREEN, Numbers.NOTHING, PER_TOKEN, ""),
                new Headline("pairs ranked right", null, Numbers.NOTHING, "%", ""));
    }

    private static Headline likelihood(String label, Hue hue, ShownRun run, String side) {
        double probe = run.last("logps_delta/" + side);
        String change =
                Double.isNaN(probe)
                        ? since(Numbers.change(run.smoothedChange("logps_mean/" + side), 2))
                        : since(Numbers.change(probe, 3));
        return new Headline(
                label,
                hue,
                Numbers.fixed(run.smoothed("logps_mean/" + side), 2),
                PER_TOKEN,
                change);
    }

    private static String since(String change) {
        return change.startsWith(Numbers.NOTHING) ? "" : change + " since step 0";
    }
}
