/// The demonstration: the five sample experiments, trained again on this machine, with a table and
/// charts of what came out. Needs no window; knows run directories, charts, and how engines are
/// started.
@NullMarked
package dev.slimelab.app.demo;

import org.jspecify.annotations.NullMarked;
