package dev.slimelab.app.look;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

import java.util.List;

/// Cards of equal width beside each other, in as many rows of equal length as their least width
/// asks for.
public final class Tiles extends Pane {
    private static final double GAP = 12;

    private final double least;

    /// @param least in pixels, the width below which a row gets fewer
    public Tiles(double least) {
        this.least = least;
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private int columns(double width) {
        int all = Math.max(1, getManagedChildren().size());
        int fit = Math.clamp((long) ((width + GAP) / (least + GAP)), 1, all);
        int rows = Math.ceilDiv(all, fit);
        return Math.ceilDiv(all, rows);
    }

    private double tallest() {
        return getManagedChildren().stream()
                .mapToDouble(node -> node.prefHeight(-1))
                .max()
                .orElse(0);
    }

    @Override
    protected double computeMinWidth(double height) {
        return least;
    }

    @Override
    protected double computePrefWidth(double height) {
        int all = getManagedChildren().size();
        return all * least + (all - 1) * GAP;
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        int all = getManagedChildren().size();
        int rows = Math.ceilDiv(all, columns(width < 0 ? computePrefWidth(-1) : width));
        return rows * tallest() + (rows - 1) * GAP;
    }

    @Override
    protected void layoutChildren() {
        List<Node> tiles = getManagedChildren();
        int columns = columns(getWidth());
        double wide = (getWidth() - (columns - 1) * GAP) / columns;
        double tall = tallest();
        for (int i = 0; i < tiles.size(); i++) {
            int row = i / columns;
            double x = (i - row * columns) * (wide + GAP);
            double y = row * (tall + GAP);
            tiles.get(i).resizeRelocate(snapPositionX(x), snapPositionY(y), snapSizeX(wide), tall);
        }
    }
}
