package dev.slimelab.app.compose;

import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.VBox;

import org.scilab.forge.jlatexmath.ParseException;
import org.scilab.forge.jlatexmath.TeXConstants;
import org.scilab.forge.jlatexmath.TeXFormula;
import org.scilab.forge.jlatexmath.TeXIcon;

import java.awt.Graphics2D;
import java.awt.Insets;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Equations, typeset. A sum that is too wide is broken between its terms.
///
/// jlatexmath paints with Java2D; the picture is made at twice its size on the screen and shown at
/// half, so that it is sharp on any screen and however the window is scaled.
public final class FormulaView extends VBox {
    private static final float POINTS = 15;
    private static final float SMALL_POINTS = 14;
    private static final int DENSITY = 2;
    private static final int WIDTH = 312;
    private static final int MARGIN = 2;

    private final ObservableValue<List<String>> equations;
    private final ObservableValue<Theme> theme;
    private int density = DENSITY;

    /// @param equations in LaTeX, the most important one first
    public FormulaView(ObservableValue<List<String>> equations, ObservableValue<Theme> theme) {
        this.equations = equations;
        this.theme = theme;
        getStyleClass().add("formula");
        setMinWidth(0); // a long one is cut off, and pushes nothing aside
        equations.subscribe(_ -> show());
        theme.subscribe(_ -> show());
        localToSceneTransformProperty()
                .subscribe(transform -> sharpen((int) Math.ceil(transform.getMxx() * DENSITY)));
    }

    private void sharpen(int next) {
        if (next != density) {
            density = next;
            show();
        }
    }

    private void show() {
        List<String> sources = equations.getValue();
        setVisible(!sources.isEmpty());
        setManaged(!sources.isEmpty());
        setAccessibleText("Formula: " + String.join("; ", sources));
        getChildren().clear();
        float points = POINTS;
        for (String source : sources) {
            try {
                for (String line : broken(source, points)) {
                    getChildren().add(typeset(icon(line, points)));
                }
            } catch (ParseException _) {
                // A preset with a sign the typesetter lacks is still readable.
                Label plain = new Label(source);
                plain.getStyleClass().add("mono");
                plain.setWrapText(true);
                getChildren().add(plain);
            }
            points = SMALL_POINTS;
        }
    }

    /// Lines of as many terms as fit beside each other.
    private List<String> broken(String equation, float points) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String term : lines(equation)) {
            String longer = line + term;
            if (!line.isEmpty()
                    && !line.endsWith("=")
                    && icon(longer, points).getIconWidth() > WIDTH * density) {
                lines.add(line);
                longer = "\\quad " + term;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }

    /// The terms of a sum, each with its sign, so that every term gets a line.
    static List<String> lines(String sum) {
        List<String> lines = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < sum.length(); i++) {
            char c = sum.charAt(i);
            depth += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
            if (depth == 0 && i > start && (c == '+' || c == '-')) {
                lines.add(sum.substring(start, i));
                start = i;
            }
        }
        lines.add(sum.substring(start));
        return lines;
    }

    private TeXIcon icon(String source, float points) {
        TeXIcon icon =
                new TeXFormula(source).createTeXIcon(TeXConstants.STYLE_DISPLAY, points * density);
        icon.setInsets(new Insets(MARGIN, MARGIN, MARGIN, MARGIN));
        icon.setForeground(theme.getValue().text());
        return icon;
    }

    private ImageView typeset(TeXIcon icon) {
        BufferedImage image =
                new BufferedImage(
                        icon.getIconWidth(), icon.getIconHeight(), BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        icon.paintIcon(null, graphics, 0, 0);
        graphics.dispose();
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        WritableImage picture = new WritableImage(width, height);
        picture.getPixelWriter()
                .setPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        ImageView view = new ImageView(picture);
        view.setFitWidth(Math.min(WIDTH, (double) width / density));
        view.setPreserveRatio(true);
        view.setSmooth(true);
        return view;
    }
}
