package dev.slimelab.app.look;

import java.awt.Color;

/// Colours that stand for amounts, on the surface of a theme. Blue and vermilion are told apart
/// with any kind of colour vision, and what is stronger also differs more in lightness from the
/// surface.
public final class Shades {
    private static final Color DEEP = new Color(0x08306B);
    private static final Color BRIGHT = new Color(0xD6EAFF);

    private Shades() {}

    /// An amount between nothing (the surface) and all.
    ///
    /// @param amount 0 to 1; what is beyond counts as the end
    public static Color amount(Theme theme, double amount) {
        double share = Math.clamp(amount, 0, 1);
        Color end = theme == Theme.DARK ? BRIGHT : DEEP;
        Color middle = Hue.BLUE.on(theme);
        return share < 0.5
                ? mix(theme.surface(), middle, share * 2)
                : mix(middle, end, share * 2 - 1);
    }

    /// A change: blue for up, vermilion for down, the surface for none.
    ///
    /// @param change −1 to 1; what is beyond counts as the end
    public static Color change(Theme theme, double change) {
        Hue hue = change < 0 ? Hue.VERMILION : Hue.BLUE;
        return mix(theme.surface(), hue.on(theme), Math.sqrt(Math.min(1, Math.abs(change))));
    }

    /// A colour between two.
    ///
    /// @param share of the second one, 0 to 1
    public static Color mix(Color first, Color second, double share) {
        return new Color(
                blend(first.getRed(), second.getRed(), share),
                blend(first.getGreen(), second.getGreen(), share),
                blend(first.getBlue(), second.getBlue(), share));
    }

    private static int blend(int first, int second, double share) {
        return (int) Math.round(first + (second - first) * share);
    }

    /// Black or white, whichever can be read better on a colour.
    public static Color textOn(Color background) {
        return contrast(background, Color.BLACK) >= contrast(background, Color.WHITE)
                ? Color.BLACK
                : Color.WHITE;
    }

    /// The contrast ratio of WCAG 2: 1 for equal colours, 21 for black on white.
    static double contrast(Color one, Color other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(Color color) {
        return 0.2126 * linear(color.getRed())
                + 0.7152 * linear(color.getGreen())
                + 0.0722 * linear(color.getBlue());
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
