@NullMarked
package dev.slimelab.app.chart;

import org.jspecify.annotations.NullMarked;
