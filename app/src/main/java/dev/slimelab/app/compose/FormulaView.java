package dev.slimelab.app.compose;

import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.StackPane;

import org.scilab.forge.jlatexmath.ParseException;
import org.scilab.forge.jlatexmath.TeXConstants;
import org.scilab.forge.jlatexmath.TeXFormula;
import org.scilab.forge.jlatexmath.TeXIcon;

import java.awt.Graphics2D;
import java.awt.Insets;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/// A formula, typeset. Long ones break at their plus signs.
///
/// jlatexmath paints with Java2D; the picture is made at twice its size and shown at half, so that
/// it is sharp on any screen.
public final class FormulaView extends StackPane {
    private static final float POINTS = 15;
    private static final int SCALE = 2;
    private static final int WIDTH = 290;

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
            getChildren().setAll(typeset("\\mathcal{L}=" + source));
        } catch (ParseException _) {
            Label plain =
                    new Label(
                            source); // a preset with a sign the typesetter lacks is still readable
            plain.getStyleClass().add("mono");
            plain.setWrapText(true);
            getChildren().setAll(plain);
        }
    }

    private ImageView typeset(String source) {
        TeXIcon icon =
                new TeXFormula(source).new TeXIconBuilder()
                        .setStyle(TeXConstants.STYLE_DISPLAY)
                        .setSize(POINTS * SCALE)
                        .setWidth(TeXConstants.UNIT_PIXEL, WIDTH * SCALE, TeXConstants.ALIGN_LEFT)
                        .setIsMaxWidth(true)
                        .setInterLineSpacing(TeXConstants.UNIT_PIXEL, 8f * SCALE)
                        .build();
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
        view.setFitWidth((double) width / SCALE);
        view.setPreserveRatio(true);
        view.setSmooth(true);
        return view;
    }
}
