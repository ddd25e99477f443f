package dev.slimelab.app.look;

import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.transform.Scale;

import java.util.List;
import java.util.stream.Stream;

/// Canvases upon each other, as large as their place, that stay sharp when the window is scaled:
/// they have as many pixels as they cover on the screen, while everything is painted and pointed at
/// in the units of the place.
///
/// JavaFX gives a canvas the pixels of a HiDPI screen, but stretches it under a transform.
public final class Sheet extends Region {
    private final List<Canvas> layers;
    private final Scale shrink = new Scale(1, 1);
    private final Runnable paint;
    private double sharpness = 1;

    /// @param layers how many, the first at the bottom
    /// @param paint asked for when the place or the sharpness has changed; all layers are empty
    ///   then
    public Sheet(int layers, Runnable paint) {
        this.layers = Stream.generate(Canvas::new).limit(layers).toList();
        this.paint = paint;
        getStyleClass().add("sheet");
        for (Canvas canvas : this.layers) {
            canvas.getTransforms().add(shrink);
            canvas.setMouseTransparent(true);
        }
        getChildren().addAll(this.layers);
        localToSceneTransformProperty()
                .subscribe(
                        transform -> {
                            if (transform.getMxx() != sharpness) {
                                requestLayout();
                            }
                        });
    }

    /// Pixels for each unit of the place.
    public double sharpness() {
        return sharpness;
    }

    /// Empties a layer.
    ///
    /// @return in the units of the place
    public GraphicsContext begin(int layer) {
        GraphicsContext context = layers.get(layer).getGraphicsContext2D();
        context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
        context.clearRect(0, 0, getWidth(), getHeight());
        return context;
    }

    @Override
    protected void layoutChildren() {
        double scale = getLocalToSceneTransform().getMxx();
        double width = Math.ceil(getWidth() * scale);
        double height = Math.ceil(getHeight() * scale);
        Canvas first = layers.getFirst();
        if (scale == sharpness && width == first.getWidth() && height == first.getHeight()) {
            return;
        }
        sharpness = scale;
        shrink.setX(1 / scale);
        shrink.setY(1 / scale);
        for (Canvas canvas : layers) {
            canvas.setWidth(width);
            canvas.setHeight(height);
        }
        paint.run();
    }
}
