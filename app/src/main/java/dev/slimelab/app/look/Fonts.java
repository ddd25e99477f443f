package dev.slimelab.app.look;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// The bundled fonts, so that the window and exported figures look the same on every machine.
///
/// The text font is Inter with tabular figures as the default ones (`fonts/tabular.py` made it):
/// JavaFX cannot switch on an OpenType feature, and proportional figures make live numbers jump.
/// JavaFX and Java2D keep separate lists of fonts, hence two ways to register.
public final class Fonts {
    public static final String TEXT = "SlimeLab Inter";
    public static final String MONO = "JetBrains Mono";

    private static final List<String> FILES =
            List.of(
                    "SlimeLabInter-Regular.otf",
                    "SlimeLabInter-Bold.otf",
                    "JetBrainsMono-Regular.ttf");

    private Fonts() {}

    /// Makes the fonts known to the window. Call once, before the first scene.
    public static void registerForWindow() {
        for (String file : FILES) {
            try (InputStream in = open(file)) {
                javafx.scene.text.Font.loadFont(in, 13);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        registerForFigures();
    }

    /// Makes the fonts known to Java2D, which paints the charts. Works without a display.
    public static void registerForFigures() {
        for (String file : FILES) {
            try (InputStream in = open(file)) {
                Font font = Font.createFont(Font.TRUETYPE_FONT, in);
                GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(font);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (FontFormatException e) {
                throw new IllegalStateException("The bundled font " + file + " is damaged.", e);
            }
        }
    }

    private static InputStream open(String file) {
        return Objects.requireNonNull(Fonts.class.getResourceAsStream("fonts/" + file), file);
    }
}
