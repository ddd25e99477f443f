package dev.slimelab.engine.verify;

import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// What became of one compared quantity.
///
/// @param id the case with its part in front, for example `models/llama-tied/right.logits`
/// @param kind what is compared, for example `logits`; the summary names the worst error of each
///   kind
/// @param error as the kind defines it; NaN where nothing could be compared
/// @param tolerance the largest error that passes
/// @param unsupported why nothing could be compared; null otherwise
public record Outcome(
        String id, String kind, double error, double tolerance, @Nullable String unsupported) {
    static Outcome compared(String id, String kind, double error, double tolerance) {
        return new Outcome(id, kind, error, tolerance, null);
    }

    static Outcome unsupported(String id, String kind, String reason) {
        return new Outcome(id, kind, Double.NaN, 0, reason);
    }

    public boolean passed() {
        return unsupported == null && error <= tolerance;
    }

    /// One line for a person.
    public String line() {
        if (unsupported != null) {
            return "FAIL  " + id + "  unsupported: " + unsupported;
        }
        return String.format(
                Locale.ROOT,
                "%s  %s  %s error %.1e (tolerance %s)",
                passed() ? "ok  " : "FAIL",
                id,
                kind,
                error,
                Settings.number(tolerance));
    }
}
