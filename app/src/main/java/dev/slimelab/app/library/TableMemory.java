package dev.slimelab.app.library;

import javafx.beans.property.StringProperty;

/// What is kept of the library's table from one window to the next, as words.
///
/// @param columns that a person chose, in their order, separated by spaces; empty for those that
///   suit the runs on show
/// @param widths of columns that were made wider or narrower: `metric:loss=120 run:name=200`
/// @param sorting the column that rows are sorted by, behind a minus where backwards; empty for
///   none
public record TableMemory(StringProperty columns, StringProperty widths, StringProperty sorting) {}
