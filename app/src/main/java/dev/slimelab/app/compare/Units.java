package dev.slimelab.app.compare;

import java.util.List;

/// What metrics are measured in, and which of them do not compare across objectives.
final class Units {
    private static final List<String> NAT_PER_TOKEN =
            List.of(
                    "logps_mean/",
                    "logps_delta/",
                    "probe/chosen",
                    "probe/rejected",
                    "probe/margin");

    /// A sum for one objective and a mean for another.
    private static final List<String> OWN_UNITS = List.of("logps/", "rewards/", "margin/", "loss");

    private Units() {}

    /// Quantity and unit for the values' axis, as far as the key tells.
    static String of(String metric) {
        if (startsWithAny(metric, NAT_PER_TOKEN)) {
            return "nat per token";
        }
        if (metric.startsWith("score/")) {
            return metric.contains("_") ? "share of answers" : "score, 0 to 10";
        }
        return switch (metric) {
            case "rewards/accuracies" -> "share of pairs";
            case "memory_bytes" -> "bytes";
            case "useful_tokens" -> "share of tokens";
            case "tokens_per_second" -> "tokens per second";
            case "seconds_per_step" -> "seconds per step";
            case "time", "seconds_waited_for_data" -> "seconds";
            default -> startsWithAny(metric, OWN_UNITS) ? "in the objective’s own unit" : "";
        };
    }

    /// What must be said below a chart of these runs.
    static List<String> warnings(List<ComparedRun> runs, String metric) {
        boolean mixed = runs.stream().map(run -> run.facts().objective()).distinct().count() > 1;
        boolean own = startsWithAny(metric, OWN_UNITS) && !metric.equals("rewards/accuracies");
        return mixed && own
                ? List.of(
                        "units differ between these objectives: compare logps_mean/* or"
                                + " logps_delta/* instead")
                : List.of();
    }

    private static boolean startsWithAny(String metric, List<String> beginnings) {
        return beginnings.stream().anyMatch(metric::startsWith);
    }
}
