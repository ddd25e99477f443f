package dev.slimelab.engine;

/// A command that finishes its step and saves when it is interrupted, with
/// [Foreground#onInterrupt]. Any other ends at once.
interface EndsInOrder {}
