package dev.slimelab.app.look;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import java.awt.Color;
import java.util.List;
import java.util.Objects;

/// The two appearances of the window and of figures.
public enum Theme {
    LIGHT(new PrimerLight().getUserAgentStylesheet(), 0xFFFFFF, 0x1F2328, 0x59636E, 0xE4E8ED),
    DARK(new PrimerDark().getUserAgentStylesheet(), 0x0D1117, 0xE6EDF3, 0x8D96A0, 0x262D36);

    private final String userAgentStylesheet;
    private final Color surface;
    private final Color text;
    private final Color mutedText;
    private final Color grid;

    Theme(String userAgentStylesheet, int surface, int text, int mutedText, int grid) {
        this.userAgentStylesheet = userAgentStylesheet;
        this.surface = new Color(surface);
        this.text = new Color(text);
        this.mutedText = new Color(mutedText);
        this.grid = new Color(grid);
    }

    public String userAgentStylesheet() {
        return userAgentStylesheet;
    }

    /// The style sheets of the scene, in order.
    public List<String> stylesheets() {
        return List.of(
                sheet("controlsfx-shim.css"),
                sheet("slimelab.css"),
                sheet(this == LIGHT ? "light.css" : "dark.css"));
    }

    /// On top of the others where nothing may move by itself.
    public static String withoutMotion() {
        return sheet("motionless.css");
    }

    /// What charts are painted on; the same value as `-color-bg-default`.
    public Color surface() {
        return surface;
    }

    public Color text() {
        return text;
    }

    public Color mutedText() {
        return mutedText;
    }

    public Color grid() {
        return grid;
    }

    private static String sheet(String name) {
        return Objects.requireNonNull(Theme.class.getResource(name), name).toExternalForm();
    }
}
