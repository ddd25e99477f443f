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

/// A formula, typeset. Every term of a sum gets a line.
///
/// jlatexmath paints with Java2D; the picture is made at twice its size and shown at half, so that
/// it is sharp on any screen.
public final class FormulaView extends VBox {
    private static final float POINTS = 15;
    private static final int SCALE = 2;
    private static final int WIDTH = 300;

    private final ObservableValue<String> latex;
    private final ObservableValue<Theme> theme;

    public FormulaView(ObservableValue<String> latex, ObservableValue<Theme> theme) {
        this.latex = latex;
        this.theme = theme;
        getStyleClass().add("formula");
        latex.subscribe(_ -> show());
        theme.subscribe(_ -> show());
    }

    private void show() {
        String source = latex.getValue();
        setVisible(!source.isEmpty());
        setManaged(!source.isEmpty());
        setAccessibleText("Loss: " + source);
        if (source.isEmpty()) {
            return;
        }
        try {
            List<String> lines = lines(source);
            getChildren().clear();
            for (int i = 0; i < lines.size(); i++) {
                getChildren().add(typeset((i == 0 ? "\\mathcal{L}=" : "\\quad ") + lines.get(i)));
            }
        } catch (ParseException _) {
            Label plain =
                    new Label(
                            source); // a preset with a sign the typesetter lacks is still readable
            plain.getStyleClass().add("mono");
            plain.setWrapText(true);
            getChildren().setAll(plain);
        }
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

    private ImageView typeset(String source) {
        TeXIcon icon =
                new TeXFormula(source).createTeXIcon(TeXConstants.STYLE_DISPLAY, POINTS * SCALE);
        icon.setInsets(new Insets(2, 2, 2, 2));
        icon.setForeground(theme.getValue().text());
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
        view.setFitWidth(Math.min(WIDTH, (double) width / SCALE));
        view.setPreserveRatio(true);
        view.setSmooth(true);
        return view;
    }
}
