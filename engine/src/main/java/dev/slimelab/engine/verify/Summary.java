package dev.slimelab.engine.verify;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Counts outcomes and keeps the worst error of each kind.
public final class Summary {
    private final Map<String, Double> worst = new LinkedHashMap<>();
    private int passed;
    private int failed;

    public void add(Outcome outcome) {
        if (outcome.passed()) {
            passed++;
        } else {
            failed++;
        }
        if (outcome.unsupported() == null) {
            worst.merge(outcome.kind(), outcome.error(), Math::max);
        }
    }

    public int failed() {
        return failed;
    }

    public int passed() {
        return passed;
    }

    /// The last line of a verification.
    public String line() {
        String errors =
                worst.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %.1e", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "));
        return passed
                + " passed, "
                + failed
                + " failed"
                + (errors.isEmpty() ? "" : "; worst error: " + errors);
    }
}
