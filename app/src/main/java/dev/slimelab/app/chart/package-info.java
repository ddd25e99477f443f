/// Charts: what each shows ([ChartSpec]), how raw numbers become curves ([Smoothing], [Thinning]),
/// and the two ways to see a [Figure]: live in the window ([LineChartView]) and in a file
/// ([ChartExport]). Both paint with [ChartPainter].
///
/// Knows nothing of runs on disk: it receives series by metric name.
@NullMarked
package dev.slimelab.app.chart;

import org.jspecify.annotations.NullMarked;
