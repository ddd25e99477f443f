package dev.slimelab.engine.compare;

import java.util.Locale;

/// Numbers with as many digits as they deserve.
final class Digits {
    private static final int MOST = 6;
    private static final int WITHOUT_INTERVAL = 3;

    private Digits() {}

    /// Decimals that show two significant digits of an uncertainty; three where there is none.
    static int decimals(double uncertainty) {
        if (!Double.isFinite(uncertainty) || uncertainty <= 0) {
            return WITHOUT_INTERVAL;
        }
        return Math.clamp((long) (1 - Math.floor(Math.log10(uncertainty))), 0, MOST);
    }

    static String fixed(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        // −0.00 is 0.00
        return text.startsWith("-") && text.chars().noneMatch(c -> c >= '1' && c <= '9')
                ? text.substring(1)
                : text;
    }

    /// Small numbers as powers: `0.0042`, but `3.1e-7`.
    static String significant(double value, int digits) {
        if (value == 0 || !Double.isFinite(value)) {
            return String.valueOf(value);
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        return exponent < -4
                ? String.format(Locale.ROOT, "%." + (digits - 1) + "e", value)
                : fixed(value, Math.max(0, digits - 1 - exponent));
    }
}
