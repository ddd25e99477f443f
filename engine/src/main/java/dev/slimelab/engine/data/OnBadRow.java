package dev.slimelab.engine.data;

import java.util.Locale;

/// What to do with malformed rows: those that are not what their format says, such as broken JSON
/// or a missing field.
///
/// Degenerate rows (both completions equal, a completion empty or truncated to nothing) are left
/// out, counted and named under both.
public enum OnBadRow {
    /// Nothing is trained until the file is repaired. The default: a file with broken lines is
    /// rarely the file one meant.
    REFUSE,
    /// Left out, counted and named. Refused all the same if no usable row is left or no row can be
    /// read at all.
    DROP;

    public static final OnBadRow DEFAULT = REFUSE;

    /// The name as specs write it.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
