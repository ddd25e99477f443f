package dev.slimelab.app.look;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.time.Duration;
import java.util.Locale;

/// How numbers are written: real minus signs, thin spaces between thousands, units spelled out.
public final class Numbers {
    /// U+2212: as wide as a digit, unlike the hyphen.
    public static final char MINUS = '−';

    /// Between a number and its unit, and between thousands.
    public static final char NARROW_SPACE = '\u202f';

    /// Stands where a number is not known yet.
    public static final String NOTHING = "–";

    private Numbers() {}

    /// A number with a fixed number of decimals: `−0.43`.
    public static String fixed(double value, int decimals) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : MINUS + "∞";
        }
        String pattern = decimals == 0 ? "#,##0" : "#,##0." + "0".repeat(decimals);
        String text = new DecimalFormat(pattern, symbols()).format(value);
        return isZero(text) ? text.replace(String.valueOf(MINUS), "") : text;
    }

    /// A change, always with its sign: `+0.12`, `−0.43`, `±0.00`.
    public static String change(double value, int decimals) {
        String text = fixed(value, decimals);
        if (Double.isNaN(value)) {
            return text;
        }
        if (isZero(text)) {
            return "±" + text;
        }
        return value > 0 ? "+" + text : text;
    }

    /// The shortest text that means the same number: `0.05`, `5e−7`, `2.5`.
    public static String shortest(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return new DecimalFormat("0.###E0", symbols()).format(value).replace("E", "e");
        }
        return new DecimalFormat("#,##0.########", symbols()).format(value);
    }

    /// As a person types it and a spec holds it: `5e-7`, `0.05`, `4000`.
    public static String plain(double value) {
        return shortest(value).replace(MINUS, '-').replace(String.valueOf(NARROW_SPACE), "");
    }

    /// A throughput or a count: `5.1 k`, `812`, `1.2 M`.
    public static String compact(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        double size = Math.abs(value);
        if (size >= 1e6) {
            return fixed(value / 1e6, 1) + NARROW_SPACE + "M";
        }
        return size >= 1e3 ? fixed(value / 1e3, 1) + NARROW_SPACE + "k" : fixed(value, 0);
    }

    /// Memory: `1.9 GB`, `430 MB`.
    public static String bytes(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        return value >= 1e9
                ? fixed(value / 1e9, 1) + NARROW_SPACE + "GB"
                : fixed(value / 1e6, 0) + NARROW_SPACE + "MB";
    }

    /// A span of time in its two largest units: `3 min 20 s`.
    public static String span(Duration span) {
        long seconds = Math.max(0, Math.round(span.toMillis() / 1000.0));
        String space = String.valueOf(NARROW_SPACE);
        if (seconds < 60) {
            return seconds + space + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + space + "min " + seconds % 60 + space + "s";
        }
        return seconds / 3600 + space + "h " + seconds % 3600 / 60 + space + "min";
    }

    /// A number of any size in about four digits: `0.431`, `3.00e−7`, `5.1 k`.
    public static String reading(double value) {
        double size = Math.abs(value);
        if (Double.isFinite(value) && size != 0 && size < 1e-3) {
            return new DecimalFormat("0.00E0", symbols()).format(value).replace("E", "e");
        }
        return size >= 1e4 ? compact(value) : fixed(value, 3);
    }

    /// How many decimals numbers need that are this far apart.
    public static int decimals(double distance) {
        return Math.max(0, (int) Math.ceil(-Math.log10(distance) - 1e-9));
    }

    /// The format of an axis whose ticks are this far apart: `0.25`, `2e−7`, `20 k`.
    ///
    /// @param largest the largest number on it, whatever its sign
    public static NumberFormat axis(double tick, double largest) {
        if (largest >= 1e4) {
            return scaled(tick, largest);
        }
        if (decimals(tick) > 4) {
            DecimalFormatSymbols symbols = symbols();
            symbols.setExponentSeparator("e");
            return new DecimalFormat("0.#E0", symbols);
        }
        String decimals = "0".repeat(decimals(tick));
        return new DecimalFormat(decimals.isEmpty() ? "#,##0" : "#,##0." + decimals, symbols());
    }

    private static NumberFormat scaled(double tick, double largest) {
        int thousands = largest >= 1e9 ? 3 : largest >= 1e6 ? 2 : 1;
        double unit = Math.pow(1000, thousands);
        String decimals = "0".repeat(decimals(tick / unit));
        String suffix = NARROW_SPACE + String.valueOf(" kMG".charAt(thousands));
        return new DecimalFormat(decimals.isEmpty() ? "0" : "0." + decimals, symbols()) {
            private static final long serialVersionUID = 1L;

            @Override
            public StringBuffer format(double number, StringBuffer into, FieldPosition position) {
                return number == 0
                        ? into.append('0')
                        : super.format(number / unit, into, position).append(suffix);
            }
        };
    }

    /// The format of a logarithmic axis: `0.01`, `100`, and powers where zeros would be counted.
    public static NumberFormat powers() {
        return new NumberFormat() {
            private static final long serialVersionUID = 1L;

            @Override
            public StringBuffer format(double number, StringBuffer to, FieldPosition at) {
                return to.append(shortest(number));
            }

            @Override
            public StringBuffer format(long number, StringBuffer to, FieldPosition at) {
                return to.append(shortest((double) number));
            }

            @Override
            public Number parse(String text, ParsePosition at) {
                throw new UnsupportedOperationException("An axis is only written.");
            }
        };
    }

    /// As many digits as mean something: `0.2013`, `1.5e−7`, `12 400`.
    public static String significant(double value, int digits) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        if (value == 0 || Double.isInfinite(value)) {
            return Double.isInfinite(value) ? fixed(value, 0) : "0";
        }
        return shortest(new BigDecimal(value).round(new MathContext(digits)).doubleValue());
    }

    private static boolean isZero(String text) {
        return text.chars().noneMatch(c -> c >= '1' && c <= '9');
    }

    private static DecimalFormatSymbols symbols() {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setMinusSign(MINUS);
        symbols.setGroupingSeparator(NARROW_SPACE);
        return symbols;
    }
}
