package dev.slimelab.app.playground;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/// Lays its children out side by side in equal widths, as many in a row as can be read.
final class ColumnsPane extends Pane {
    private static final double GAP = 12;
    private static final double NARROWEST = 176;
    private static final double LOWEST = 230;

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private int perRow(double width) {
        int room = (int) ((width + GAP) / (NARROWEST + GAP));
        return Math.clamp(room, 1, Math.max(1, getManagedChildren().size()));
    }

    private int rows(double width) {
        return Math.ceilDiv(getManagedChildren().size(), perRow(width));
    }

    @Override
    protected double computeMinWidth(double height) {
        return NARROWEST;
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        int rows = rows(width < 0 ? getWidth() : width);
        return rows * LOWEST + Math.max(0, rows - 1) * GAP;
    }

    @Override
    protected void layoutChildren() {
        int perRow = perRow(getWidth());
        int rows = rows(getWidth());
        double width = (getWidth() - (perRow - 1) * GAP) / perRow;
        double height = (getHeight() - (rows - 1) * GAP) / Math.max(1, rows);
        int index = 0;
        for (Node child : getManagedChildren()) {
            int row = index / perRow;
            child.resizeRelocate(
                    snapPositionX(index % perRow * (width + GAP)),
                    snapPositionY(row * (height + GAP)),
                    snapSizeX(width),
                    snapSizeY(height));
            index++;
        }
    }
}
