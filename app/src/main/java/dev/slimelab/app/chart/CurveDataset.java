package dev.slimelab.app.chart;

import org.jfree.data.xy.AbstractXYDataset;

import java.util.List;

/// Prepared curves as JFreeChart reads them: plain arrays, no boxing.
final class CurveDataset extends AbstractXYDataset {
    private static final long serialVersionUID = 1L;

    /// Which of a prepared curve's two polylines is meant.
    enum Layer {
        LINE,
        RAW
    }

    private final transient List<PreparedCurve> curves;
    private final Layer layer;

    CurveDataset(List<PreparedCurve> curves, Layer layer) {
        this.curves = curves;
        this.layer = layer;
    }

    @Override
    public int getSeriesCount() {
        return curves.size();
    }

    @Override
    public Comparable<?> getSeriesKey(int series) {
        return curves.get(series).curve().label();
    }

    @Override
    public int getItemCount(int series) {
        return points(series).size();
    }

    @Override
    public double getXValue(int series, int item) {
        return points(series).step(item);
    }

    @Override
    public double getYValue(int series, int item) {
        return points(series).value(item);
    }

    @Override
    public Number getX(int series, int item) {
        return getXValue(series, item);
    }

    @Override
    public Number getY(int series, int item) {
        return getYValue(series, item);
    }

    private Series points(int series) {
        PreparedCurve curve = curves.get(series);
        return layer == Layer.LINE ? curve.visible() : curve.trace();
    }
}
