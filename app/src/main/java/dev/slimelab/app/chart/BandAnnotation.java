package dev.slimelab.app.chart;

import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// A band as a translucent area behind the lines.
final class BandAnnotation extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1L;

    private final transient Band band;
    private final Color color;

    BandAnnotation(Band band, Color color) {
        this.band = band;
        this.color = color;
    }

    @Override
    public void draw(
            Graphics2D graphics,
            XYPlot plot,
            Rectangle2D area,
            ValueAxis x,
            ValueAxis y,
            int rendererIndex,
            PlotRenderingInfo info) {
        Path2D outline = new Path2D.Double();
        for (int i = 0; i < band.high().size(); i++) {
            point(outline, band.high(), i, area, x, y);
        }
        for (int i = band.low().size() - 1; i >= 0; i--) {
            point(outline, band.low(), i, area, x, y);
        }
        if (outline.getCurrentPoint() != null) {
            outline.closePath();
            graphics.setColor(color);
            graphics.fill(outline);
        }
    }

    private static void point(
            Path2D outline, Series edge, int i, Rectangle2D area, ValueAxis x, ValueAxis y) {
        double left = x.valueToJava2D(edge.step(i), area, RectangleEdge.BOTTOM);
        double top = y.valueToJava2D(edge.value(i), area, RectangleEdge.LEFT);
        if (!Double.isFinite(left) || !Double.isFinite(top)) {
            return; // not measured, or without a place on a logarithmic axis
        }
        if (outline.getCurrentPoint() == null) {
            outline.moveTo(left, top);
        } else {
            outline.lineTo(left, top);
        }
    }
}
