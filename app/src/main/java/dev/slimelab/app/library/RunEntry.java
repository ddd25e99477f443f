package dev.slimelab.app.library;

import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;

/// A run as its directory tells it, at one moment.
///
/// @param grid the grid whose folder it stands in; empty where it stands alone
/// @param spec the frozen request; null where it cannot be read, which `specProblem` explains, and
///   where it has not been read: the facts say what a list needs
/// @param status what the engine last said; null before it said anything
/// @param requested when the spec was written
/// @param facts what the library remembers of it, also where the spec has not been read
public record RunEntry(
        RunDirectory directory,
        Origin origin,
        String grid,
        @Nullable RunSpec spec,
        @Nullable String specProblem,
        @Nullable RunStatus status,
        RunPhase phase,
        Instant requested,
        RunFacts facts,
        RunNotes notes) {
    /// Whose run it is.
    public enum Origin {
        /// Comes with SlimeLab and cannot be changed.
        SAMPLE,
        OWN
    }

    /// Identifies the run as long as the window is open.
    public Path id() {
        return directory.path();
    }

    /// Whether it is no part of a grid.
    public boolean isAlone() {
        return grid.isEmpty();
    }

    /// The folder of its grid, where it is part of one.
    Path gridFolder() {
        return id().resolveSibling("");
    }

    public String name() {
        return directory.name();
    }

    /// Steps done as a share, 0 to 1.
    public double progress() {
        return status == null ? 0 : status.progress();
    }
}
