package dev.slimelab.app.token;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;

import java.awt.Color;

/// What the shades of tokens mean.
///
/// @param words the quantity, its unit and how to read it
/// @param end the value of the strongest shade
public record Legend(Scale scale, String words, double end) {
    /// Which values there are.
    public enum Scale {
        /// Nats from −end to 0.
        LOGP,
        /// Nats from −end to end.
        DIFFERENCE,
        /// Slopes from −end to end.
        PUSH
    }

    /// The lowest log-prob that has a shade of its own, nat.
    private static final double UNLIKELY = 8;

    /// The difference with the strongest shade, nat.
    private static final double LARGE = 3;

    /// The log-probs of tokens.
    public static final Legend LOGP =
            new Legend(Scale.LOGP, "log-prob, nat: the darker, the less likely", UNLIKELY);

    /// Differences of log-probs.
    public static Legend difference(String words) {
        return new Legend(Scale.DIFFERENCE, words, LARGE);
    }

    boolean isSigned() {
        return scale != Scale.LOGP;
    }

    Color shade(Theme theme, double value) {
        return Double.isNaN(value)
                ? theme.surface()
                : isSigned()
                        ? Shades.change(theme, value / end)
                        : value < 0 ? Shades.amount(theme, -value / end) : theme.surface();
    }

    String number(double value) {
        return switch (scale) {
            case LOGP -> Numbers.fixed(value, 2);
            case DIFFERENCE -> Numbers.change(value, 2);
            case PUSH -> value == 0 ? "0" : Numbers.significant(value, 2);
        };
    }
}
