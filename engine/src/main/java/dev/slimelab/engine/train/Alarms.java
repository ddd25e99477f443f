package dev.slimelab.engine.train;

import dev.slimelab.engine.objective.Objective;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Watches a run's metrics for the ways in which preference training goes wrong, and says which
/// term of the objective is responsible.
///
/// An alarm is raised once and then kept quiet until the metric has gone back well behind its
/// threshold. `docs/metrics.md` lists thresholds and meanings.
final class Alarms implements Remembered {
    private static final String SHARE = "gradient_share/";
    private static final String ON_CHOSEN = "gradient_chosen/";
    private static final String ON_REJECTED = "gradient_rejected/";
    private static final String DELTA = "logps_delta/chosen";
    private static final String ACCURACY = "rewards/accuracies";

    /// Evaluations in a row before a slow trouble counts.
    private static final int PATIENCE = 3;

    /// How far, of its value at step 0, the shape of the distribution may move before it is
    /// noticed.
    private static final double SHAPE_CHANGE = 0.05;

    /// What `events.jsonl` is told.
    ///
    /// @param event `alarm` or `alarm-cleared`
    record Notice(String event, Map<String, Object> facts) {}

    private enum Level {
        CALM,
        BETWEEN,
        ALARMING;

        static Level of(boolean alarming, boolean calm) {
            return alarming ? ALARMING : calm ? CALM : BETWEEN;
        }
    }

    /// One rule's view of one evaluation.
    ///
    /// @param patience how many alarming evaluations in a row raise the alarm
    /// @param metrics whose values are quoted
    private record Finding(
            String alarm,
            Level level,
            int patience,
            @Nullable String term,
            String sentence,
            List<String> metrics) {}

    /// Numbers by name: which alarms are raised, for how many evaluations a trouble has lasted, and
    /// the extremes of what is watched.
    private final Map<String, Double> memory = new TreeMap<>();

    /// Looks at one evaluation.
    ///
    /// @param line all metrics of that step
    List<Notice> watch(int step, Objective objective, Map<String, Double> line) {
        List<Notice> notices = new ArrayList<>();
        for (Finding finding : findings(objective, new Line(line))) {
            String raised = "raised/" + finding.alarm;
            String lasting = "lasting/" + finding.alarm;
            double evaluations =
                    finding.level == Level.ALARMING ? memory.getOrDefault(lasting, 0.0) + 1 : 0;
            memory.put(lasting, evaluations);
            if (evaluations >= finding.patience && memory.put(raised, 1.0) == null) {
                notices.add(notice("alarm", step, finding, line));
            }
            if (finding.level == Level.CALM && memory.remove(raised) != null) {
                notices.add(notice("alarm-cleared", step, finding, line));
            }
        }
        return notices;
    }

    private static Notice notice(
            String event, int step, Finding finding, Map<String, Double> line) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", step);
        facts.put("alarm", finding.alarm);
        if (event.equals("alarm")) {
            if (finding.term != null) {
                facts.put("term", finding.term);
            }
            facts.put("says", finding.sentence);
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String metric : finding.metrics) {
            Double value = line.get(metric);
            if (value != null && Double.isFinite(value)) {
                numbers.put(metric, value);
            }
        }
        facts.put("numbers", numbers);
        return new Notice(event, facts);
    }

    /// The metrics of one step; NaN for what is not among them, which no comparison is true of.
    private record Line(Map<String, Double> values) {
        double get(String metric) {
            return values.getOrDefault(metric, Double.NaN);
        }

        List<String> terms() {
            return values.keySet().stream()
                    .filter(metric -> metric.startsWith(SHARE))
                    .map(metric -> metric.substring(SHARE.length()))
                    .toList();
        }

        /// The term that pushes log-probs down hardest, on whichever side: an answer that nobody
        /// pushes falls with the tokens it shares with one that is pushed.
        @Nullable String pushingDown() {
            String hardest = null;
            double most = 0;
            for (String term : terms()) {
                double push =
                        Math.max(0, get(ON_CHOSEN + term)) + Math.max(0, get(ON_REJECTED + term));
                if (push > most) {
                    hardest = term;
                    most = push;
                }
            }
            return hardest;
        }
    }

    private List<Finding> findings(Objective objective, Line line) {
        List<Finding> findings = new ArrayList<>();
        findings.add(displacement(line));
        findings.add(hollowAccuracy(line));
        findings.add(
                saturation(
                        line,
                        "slime/state_beyond_mh",
                        "are beyond the hard margin, where the" + " contrast pushes no more"));
        findings.add(
                saturation(
                        line,
                        "stapo/state_right",
                        "are right of the band, where the contrast" + " pulls the margin back"));
        List<String> terms = line.terms();
        if (terms.size() > 1) {
            terms.forEach(term -> findings.add(idleTerm(line, term)));
        }
        if (objective.readsRejected()) {
            findings.add(degeneration(line, "probe/entropy_top10", "entropy"));
            findings.add(degeneration(line, "probe/mass_top10", "mass"));
        }
        return findings;
    }

    private static Finding displacement(Line line) {
        double delta = line.get(DELTA);
        String term = line.pushingDown();
        return new Finding(
                "displacement",
                Level.of(delta < -0.1, delta > -0.05),
                1,
                term,
                "The chosen answers have lost %s nat per token since step 0: the model unlearns what"
                                .formatted(number(-delta))
                        + " it should prefer."
                        + blame(term),
                quoted(term, DELTA, "displacement_rate"));
    }

    /// Judged by three batches: one of a few pairs has them all ranked right, or not, by chance.
    private Finding hollowAccuracy(Line line) {
        double delta = line.get(DELTA);
        double accuracy = meanOfThree(ACCURACY, line.get(ACCURACY));
        String term = line.pushingDown();
        return new Finding(
                "hollow-accuracy",
                Level.of(accuracy > 0.95 && delta < 0, accuracy < 0.9 || delta > 0),
                1,
                term,
                "%s of the pairs of three batches are ranked right, yet the chosen answers have lost"
                                .formatted(percent(accuracy))
                        + " %s nat per token: the ranking improves at their cost."
                                .formatted(number(-delta))
                        + blame(term),
                quoted(term, ACCURACY, DELTA));
    }

    /// The mean over this evaluation and the two before it that had the metric; NaN before there
    /// are three.
    private double meanOfThree(String metric, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        double before = memory.getOrDefault("before/" + metric, Double.NaN);
        double earlier = memory.getOrDefault("earlier/" + metric, Double.NaN);
        memory.put("before/" + metric, value);
        if (!Double.isNaN(before)) {
            memory.put("earlier/" + metric, before);
        }
        return (value + before + earlier) / 3;
    }

    private static Finding saturation(Line line, String metric, String where) {
        double share = line.get(metric);
        return new Finding(
                "saturation/" + metric,
                Level.of(share > 0.9, share < 0.8),
                1,
                Objective.CONTRAST,
                "%s of the pairs %s: the objective has little left to teach."
                        .formatted(percent(share), where),
                quoted(Objective.CONTRAST, metric));
    }

    private static Finding idleTerm(Line line, String term) {
        double share = line.get(SHARE + term);
        return new Finding(
                "idle-term/" + term,
                Level.of(share < 0.01, share > 0.02),
                PATIENCE,
                term,
                "The %s has had less than 1 %% of the gradient for %d evaluations: it hardly takes"
                                .formatted(term, PATIENCE)
                        + " part.",
                quoted(term, "loss/" + term));
    }

    /// Past the extremes of all earlier evaluations, and well away from step 0. A falling entropy
    /// is repetition, a rising one noise; mass can only be lost.
    private Finding degeneration(Line line, String metric, String name) {
        double value = line.get(metric);
        double start = memory.getOrDefault("start/" + metric, value);
        double lowest = memory.getOrDefault("lowest/" + metric, value);
        double highest = memory.getOrDefault("highest/" + metric, value);
        if (!Double.isNaN(value)) {
            memory.put("start/" + metric, start);
            memory.put("lowest/" + metric, Math.min(lowest, value));
            memory.put("highest/" + metric, Math.max(highest, value));
        }
        boolean beyond = value < lowest || (name.equals("entropy") && value > highest);
        double change = Math.abs(value / start - 1);
        String term = line.pushingDown();
        return new Finding(
                "degeneration/" + name,
                Level.of(beyond && change > SHAPE_CHANGE, change < SHAPE_CHANGE / 2),
                PATIENCE,
                term,
                "The %s of the ten likeliest tokens has gone from %s at step 0 to %s, a new extreme at"
                                .formatted(name, number(start), number(value))
                        + " %d evaluations in a row: the answers are losing their shape."
                                .formatted(PATIENCE)
                        + blame(term),
                quoted(term, metric));
    }

    private static String blame(@Nullable String term) {
        return term == null ? "" : " The %s pushes log-probs down hardest.".formatted(term);
    }

    private static List<String> quoted(@Nullable String term, String... metrics) {
        List<String> all = new ArrayList<>(List.of(metrics));
        if (term != null) {
            all.addAll(List.of(SHARE + term, ON_CHOSEN + term, ON_REJECTED + term));
        }
        return all;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    @Override
    public String name() {
        return "alarms";
    }

    @Override
    public JsonNode state() {
        return JsonMapper.shared().valueToTree(memory);
    }

    @Override
    public void restore(JsonNode state) {
        memory.clear();
        state.properties()
                .forEach(entry -> memory.put(entry.getKey(), entry.getValue().doubleValue()));
    }
}
