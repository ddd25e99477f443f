package dev.slimelab.app.chart;

import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;

import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/// A [HeatMap] on a plot: a rectangle for each bin that was hit, and the line with its name.
final class HeatAnnotation extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1L;

    /// Narrower columns would cost time and show nothing.
    private static final double NARROWEST = 3;

    /// Shares below this are the palest colour, in powers of ten.
    static final int DECADES = 3;

    /// What was hit at all must be told from the surface.
    private static final double PALEST = 0.08;

    private final transient HeatMap map;
    private final Theme theme;

    HeatAnnotation(HeatMap map, Theme theme) {
        this.map = map;
        this.theme = theme;
    }

    /// The place of a share on the colour scale, up to 1: logarithmic, from a thousandth to all.
    static double strength(double share) {
        return Math.clamp(1 + Math.log10(share) / DECADES, PALEST, 1);
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
        double left = x(steps, Math.max(0, steps.getLowerBound()), area, plot);
        for (int column = 0; column < map.columns().size(); column++) {
            double right = x(steps, map.end(column), area, plot);
            boolean last = column + 1 == map.columns().size();
            if (last) {
                right = area.getMaxX();
            }
            if (right > area.getMinX() && (right - left >= NARROWEST || last)) {
                draw(
                        graphics,
                        column,
                        new Rectangle2D.Double(left, 0, right - left, 0),
                        plot,
                        area);
                left = right;
            }
        }
        HeatMap.Line line = map.line();
        if (line != null) {
            drawLine(graphics, line, y(values, line.value(), area, plot), area);
        }
    }

    private void draw(
            Graphics2D graphics, int column, Rectangle2D across, XYPlot plot, Rectangle2D area) {
        ValueAxis values = plot.getRangeAxis();
        for (int bin = 0; bin < map.bins(); bin++) {
            double share = map.share(column, bin);
            double low = map.low() + bin * map.width();
            double bottom = Math.min(area.getMaxY(), y(values, low, area, plot));
            double top = Math.max(area.getMinY(), y(values, low + map.width(), area, plot));
            if (share > 0 && bottom > top) {
                graphics.setPaint(Shades.amount(theme, strength(share)));
                // Half a pixel more, or the surface shines through between neighbours.
                graphics.fill(
                        new Rectangle2D.Double(
                                across.getX(), top, across.getWidth() + 0.5, bottom - top + 0.5));
            }
        }
    }

    private void drawLine(Graphics2D graphics, HeatMap.Line line, double y, Rectangle2D area) {
        if (y < area.getMinY() || y > area.getMaxY()) {
            return;
        }
        Line2D across = new Line2D.Double(area.getMinX(), y, area.getMaxX(), y);
        graphics.setPaint(theme.surface());
        graphics.setStroke(new BasicStroke(3));
        graphics.draw(across);
        graphics.setPaint(theme.text());
        graphics.setStroke(
                new BasicStroke(
                        1.2f,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_ROUND,
                        1f,
                        new float[] {5, 4},
                        0));
        graphics.draw(across);
        graphics.setFont(ChartPainter.font(Font.PLAIN, 11));
        int width = graphics.getFontMetrics().stringWidth(line.name());
        double x = area.getMaxX() - width - 8;
        graphics.setPaint(theme.surface());
        graphics.fill(new Rectangle2D.Double(x - 4, y + 4, width + 8, 15));
        graphics.setPaint(theme.text());
        graphics.drawString(line.name(), (float) x, (float) y + 15);
    }

    private static double x(ValueAxis axis, double step, Rectangle2D area, XYPlot plot) {
        double x = axis.valueToJava2D(step, area, plot.getDomainAxisEdge());
        return Math.clamp(x, area.getMinX(), area.getMaxX());
    }

    private static double y(ValueAxis axis, double value, Rectangle2D area, XYPlot plot) {
        return axis.valueToJava2D(value, area, plot.getRangeAxisEdge());
    }
}
