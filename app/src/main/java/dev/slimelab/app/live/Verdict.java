package dev.slimelab.app.live;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A plain sentence or two about a run: is it learning the preference, or unlearning the language?
///
/// @param evidence the chart that shows why; null where none does
public record Verdict(Tone tone, String sentence, @Nullable ChartSpec evidence) {
    /// How good the news is.
    public enum Tone {
        NEUTRAL,
        GOOD,
        CAUTION,
        BAD
    }

    /// Less than this is noise of a probe of a few dozen pairs, in nat per token.
    private static final double NOTICEABLE = 0.05;

    private static final double LARGE = 0.15;
    private static final double COLLAPSE = 2;
    private static final String PROBE = "logps_delta/chosen";
    private static final String SHARE = "gradient_share/";

    /// What is said beside the first sentence, and where it can be seen.
    private record Addition(Tone tone, String sentence, @Nullable ChartSpec evidence) {
        static final Addition NONE = new Addition(Tone.GOOD, "", null);
    }

    /// Judges by the fixed held-out pairs where they were measured, else by the training batches.
    /// An alarm that is raised is added where the first sentence does not say it already.
    public static Verdict of(ShownRun run) {
        double chosen = change(run, "chosen");
        double margin = run.smoothedChange("logps_mean/margin");
        boolean over = !run.entry().phase().isAlive();
        if (Double.isNaN(chosen) || run.metric("loss").size() < 2) {
            return new Verdict(Tone.NEUTRAL, waiting(run.entry().phase()), null);
        }
        if (chosen < -NOTICEABLE) {
            Addition more = collapse(run).orElseGet(() -> alarm(run).orElse(Addition.NONE));
            return new Verdict(
                    chosen < -LARGE || more.tone == Tone.BAD ? Tone.BAD : Tone.CAUTION,
                    "Chosen likelihood "
                            + (over ? "fell: " : "is falling: ")
                            + Numbers.change(chosen, 2)
                            + " nat per token since step 0."
                            + cause(run, over)
                            + more.sentence,
                    ChartSpec.GRADIENT_SHARE);
        }
        Addition more = collapse(run).or(() -> alarm(run)).orElse(Addition.NONE);
        Tone tone = more.tone == Tone.BAD ? Tone.CAUTION : more.tone;
        if (chosen > NOTICEABLE) {
            return new Verdict(
                    tone,
                    "Chosen likelihood "
                            + (over ? "rose: " : "is rising: ")
                            + Numbers.change(chosen, 2)
                            + " nat per token since step 0."
                            + more.sentence,
                    more.evidence);
        }
        if (margin > NOTICEABLE) {
            return new Verdict(
                    tone,
                    "The preference "
                            + (over ? "was" : "is being")
                            + " learnt: margin "
                            + Numbers.change(margin, 2)
                            + " nat per token, while chosen likelihood "
                            + (over ? "held" : "holds")
                            + " ("
                            + Numbers.change(chosen, 2)
                            + ")."
                            + more.sentence,
                    more.evidence);
        }
        return new Verdict(
                more.sentence.isEmpty() ? Tone.NEUTRAL : tone,
                "Little has changed since step 0: chosen likelihood "
                        + Numbers.change(chosen, 2)
                        + ", margin "
                        + Numbers.change(margin, 2)
                        + " nat per token."
                        + more.sentence,
                more.evidence);
    }

    /// What a comparison shows first: who kept and who lost the most.
    static @Nullable Verdict ofSeveral(List<ShownRun> runs) {
        Comparator<ShownRun> byChosen = Comparator.comparingDouble(run -> run.last(PROBE));
        List<ShownRun> measured =
                runs.stream()
                        .filter(run -> !Double.isNaN(run.last(PROBE)))
                        .sorted(byChosen)
                        .toList();
        if (measured.size() < 2) {
            return null;
        }
        return new Verdict(
                Tone.NEUTRAL,
                "Since step 0 the chosen likelihood did best in "
                        + place(measured.getLast())
                        + " and worst in "
                        + place(measured.getFirst())
                        + " nat per token.",
                null);
    }

    private static String place(ShownRun run) {
        return run.entry().name() + ", " + Numbers.change(run.last(PROBE), 3);
    }

    private static double change(ShownRun run, String side) {
        double probe = run.last("logps_delta/" + side);
        return Double.isNaN(probe) ? run.smoothedChange("logps_mean/" + side) : probe;
    }

    private static String waiting(RunPhase phase) {
        return switch (phase) {
            case NOT_STARTED ->
                    "This run was never started. Use as new run starts one with its settings.";
            case STARTING -> "The engine is starting.";
            case QUEUED -> "The run is waiting for its turn.";
            case PREPARING -> "The engine is reading model and data.";
            case TRAINING, EVALUATING -> "The first measurements are on their way.";
            case PAUSED -> "The run is paused.";
            case FINISHED, STOPPED, FAILED, LOST -> "Too little was measured for a verdict.";
        };
    }

    /// The term that pushes log-probs down hardest, on whichever side: chosen answers mostly fall
    /// with the tokens they share with rejected ones. The engine's alarms blame the same way.
    private static String cause(ShownRun run, boolean over) {
        return run.metrics().keySet().stream()
                .filter(key -> key.startsWith(SHARE))
                .map(key -> key.substring(SHARE.length()))
                .filter(term -> pushDown(run, term) > 0)
                .max(Comparator.comparingDouble(term -> pushDown(run, term)))
                .map(
                        term ->
                                " The %s term %s responsible (%s%c%% of the gradient)."
                                        .formatted(
                                                term,
                                                over ? "was" : "is",
                                                Numbers.fixed(run.smoothed(SHARE + term) * 100, 0),
                                                Numbers.NARROW_SPACE))
                .orElse("");
    }

    private static double pushDown(ShownRun run, String term) {
        return Math.max(0, run.smoothed("gradient_chosen/" + term))
                + Math.max(0, run.smoothed("gradient_rejected/" + term));
    }

    private static Optional<Addition> collapse(ShownRun run) {
        double first = run.metric("score/greedy").first();
        double last = run.last("score/greedy");
        return first - last >= COLLAPSE
                ? Optional.of(
                        new Addition(
                                Tone.BAD,
                                " Answers break down: greedy score "
                                        + Numbers.fixed(first, 1)
                                        + " → "
                                        + Numbers.fixed(last, 1)
                                        + ".",
                                ChartSpec.SCORE))
                : Optional.empty();
    }

    /// The gravest alarm that is raised, without displacement, which the first sentence is about.
    private static Optional<Addition> alarm(ShownRun run) {
        return run.journal().raised().stream()
                .map(raised -> addition(raised.name()))
                .filter(addition -> !addition.sentence.isEmpty())
                .max(Comparator.comparing(Addition::tone));
    }

    private static Addition addition(String alarm) {
        if (alarm.startsWith("degeneration/")) {
            return new Addition(
                    Tone.BAD,
                    " The answers are losing their shape: a new extreme of "
                            + (alarm.endsWith("mass") ? "top-10 mass" : "entropy")
                            + " at three evaluations in a row.",
                    alarm.endsWith("mass") ? ChartSpec.TOP_MASS : ChartSpec.ENTROPY);
        }
        if (alarm.equals("hollow-accuracy")) {
            return new Addition(
                    Tone.CAUTION,
                    " Nearly all pairs are ranked right, at the chosen answers' cost.",
                    ChartSpec.ACCURACY);
        }
        if (alarm.startsWith("saturation/")) {
            return new Addition(
                    Tone.CAUTION,
                    " Nearly all pairs have their margin: the contrast has little left to teach.",
                    alarm.contains("slime") ? ChartSpec.DUAL_MARGIN : ChartSpec.MARGIN);
        }
        if (alarm.startsWith("idle-term/")) {
            return new Addition(
                    Tone.CAUTION,
                    " The " + alarm.substring(alarm.indexOf('/') + 1) + " hardly takes part.",
                    ChartSpec.GRADIENT_SHARE);
        }
        return Addition.NONE;
    }
}
