package dev.slimelab.app.command;

/// Keys that a part of the window takes for itself while it has the focus.
///
/// @param where which part
/// @param keys as they are written
/// @param words what they do
public record Hint(String where, String keys, String words) {}
