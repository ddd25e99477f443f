package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Theme;

import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// A small triangle that stands on the step axis.
final class AlarmAnnotation extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1L;
    private static final double HALF = 5;
    static final double HEIGHT = 9;

    private final double step;
    private final Theme theme;

    AlarmAnnotation(double step, Theme theme) {
        this.step = step;
        this.theme = theme;
    }

    @Override
    public void draw(
            Graphics2D graphics,
            XYPlot plot,
            Rectangle2D area,
            ValueAxis steps,
            ValueAxis values,
            int rendererIndex,
            PlotRenderingInfo info) {
        double x = steps.valueToJava2D(step, area, plot.getDomainAxisEdge());
        if (x < area.getMinX() || x > area.getMaxX()) {
            return;
        }
        Path2D triangle = new Path2D.Double();
        triangle.moveTo(x - HALF, area.getMaxY());
        triangle.lineTo(x + HALF, area.getMaxY());
        triangle.lineTo(x, area.getMaxY() - HEIGHT);
        triangle.closePath();
        graphics.setPaint(theme.surface());
        graphics.setStroke(new java.awt.BasicStroke(2));
        graphics.draw(triangle);
        graphics.setPaint(Hue.VERMILION.on(theme));
        graphics.fill(triangle);
    }
}
