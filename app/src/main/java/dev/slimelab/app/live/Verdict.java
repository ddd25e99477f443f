package dev.slimelab.app.live;

import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// One plain sentence about a run: is it learning the preference, or unlearning the language?
public record Verdict(Tone tone, String sentence) {
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

    /// Judges by the fixed held-out pairs where they were measured, else by the training batches.
    public static Verdict of(ShownRun run) {
        double chosen = change(run, "chosen");
        double margin = run.smoothedChange("logps_mean/margin");
        boolean over = !run.entry().phase().isAlive();
        if (Double.isNaN(chosen) || run.metric("loss").size() < 2) {
            return new Verdict(Tone.NEUTRAL, waiting(run.entry().phase()));
        }
        String score = scoreSentence(run);
        if (chosen < -NOTICEABLE) {
            Tone tone = chosen < -LARGE || !score.isEmpty() ? Tone.BAD : Tone.CAUTION;
            return new Verdict(
                    tone,
                    "Chosen likelihood "
                            + (over ? "fell: " : "is falling: ")
                            + Numbers.change(chosen, 2)
                            + " nat per token since step 0. "
                            + cause(run)
                            + score);
        }
        if (chosen > NOTICEABLE) {
            return new Verdict(
                    score.isEmpty() ? Tone.GOOD : Tone.CAUTION,
                    "Chosen likelihood "
                            + (over ? "rose: " : "is rising: ")
                            + Numbers.change(chosen, 2)
                            + " nat per token since step 0. "
                            + score);
        }
        if (margin > NOTICEABLE) {
            return new Verdict(
                    score.isEmpty() ? Tone.GOOD : Tone.CAUTION,
                    "The preference "
                            + (over ? "was" : "is being")
                            + " learnt: margin "
                            + Numbers.change(margin, 2)
                            + " nat per token, while chosen likelihood "
                            + (over ? "held" : "holds")
                            + " ("
                            + Numbers.change(chosen, 2)
                            + "). "
                            + score);
        }
        return new Verdict(
                Tone.NEUTRAL,
                "Little has changed since step 0: chosen likelihood "
                        + Numbers.change(chosen, 2)
                        + ", margin "
                        + Numbers.change(margin, 2)
                        + " nat per token. "
                        + score);
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
                        + " nat per token.");
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

    private static String cause(ShownRun run) {
        return run.metrics().keySet().stream()
                .filter(key -> key.startsWith(SHARE))
                .map(key -> Map.entry(key.substring(SHARE.length()), run.smoothed(key)))
                .filter(share -> !Double.isNaN(share.getValue()))
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .map(
                        share ->
                                "The "
                                        + share.getKey()
                                        + " term makes up "
                                        + Numbers.fixed(share.getValue() * 100, 0)
                                        + Numbers.NARROW_SPACE
                                        + "% of the gradient. ")
                .orElse("");
    }

    private static String scoreSentence(ShownRun run) {
        double first = run.metric("score/greedy").first();
        double last = run.last("score/greedy");
        return first - last >= COLLAPSE
                ? "Answers break down: greedy score "
                        + Numbers.fixed(first, 1)
                        + " → "
                        + Numbers.fixed(last, 1)
                        + "."
                : "";
    }
}
