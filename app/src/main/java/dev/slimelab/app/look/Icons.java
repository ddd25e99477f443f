package dev.slimelab.app.look;

import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;

import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Icons and the buttons that carry them.
public final class Icons {
    private Icons() {}

    public static FontIcon icon(Feather icon) {
        FontIcon node = new FontIcon(icon);
        node.setIconSize(15);
        return node;
    }

    /// A button with icon and verb; the tooltip names its key.
    public static Button button(Feather icon, String verb, String key) {
        Button button = new Button(verb, icon(icon));
        button.setTooltip(new Tooltip(verb + "  " + key));
        button.setFocusTraversable(true);
        return button;
    }

    /// A button that is only an icon; its verb is read aloud and shown on hover.
    public static Button iconButton(Feather icon, String verb, String key) {
        Button button = new Button("", icon(icon));
        button.setAccessibleText(verb);
        button.setTooltip(new Tooltip(key.isEmpty() ? verb : verb + "  " + key));
        button.getStyleClass().addAll("button-icon", "flat");
        return button;
    }
}
