package dev.slimelab.app.look;

import java.awt.Color;
import java.util.Locale;

/// The colours of curves. Okabe and Ito's set first, then Paul Tol's "muted" set: distinguishable
/// with any kind of colour vision. Each has a brighter twin for dark surfaces.
///
/// One run is drawn in [#CHOSEN] and [#REJECTED]. Several runs get one hue each, by [#ofRun(int)].
public enum Hue {
    BLUE(0x0072B2, 0x4FA8F0),
    VERMILION(0xD55E00, 0xFF8B42),
    GREEN(0x009E73, 0x35C796),
    PURPLE(0xB8609A, 0xE394C2),
    ORANGE(0xD08C00, 0xF2B13A),
    SKY(0x2F9BD6, 0x8AD0FA),
    INDIGO(0x332288, 0x9C8FF2),
    FOREST(0x117733, 0x63C182),
    WINE(0x882255, 0xE07AA8),
    TEAL(0x2F8F80, 0x6FD6C7),
    MAGENTA(0x9A3F9A, 0xD987D9),
    OLIVE(0x7A7A20, 0xCBCB64);

    /// Chosen answers, when a single run is shown.
    public static final Hue CHOSEN = BLUE;

    /// Rejected answers, when a single run is shown.
    public static final Hue REJECTED = VERMILION;

    private final int light;
    private final int dark;

    Hue(int light, int dark) {
        this.light = light;
        this.dark = dark;
    }

    /// The hue of the n-th run; repeats after twelve.
    public static Hue ofRun(int index) {
        return values()[Math.floorMod(index, values().length)];
    }

    public Color on(Theme theme) {
        return new Color(theme == Theme.DARK ? dark : light);
    }

    /// The style class that colours a node's `-slime-hue` in both themes.
    public String styleClass() {
        return "hue-" + name().toLowerCase(Locale.ROOT);
    }
}
