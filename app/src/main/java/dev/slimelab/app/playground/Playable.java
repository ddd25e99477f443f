package dev.slimelab.app.playground;

import java.nio.file.Path;

/// A model as a command line names it.
///
/// @param state of the run, as in `DIR@STATE`; empty for the final result, or for a folder that is
///   no run
public record Playable(Path folder, String state) {
    static final String RESULT = "";
    static final String BASE = "base";
    static final String STEP = "step-";

    /// What `generate` and `serve` take.
    String argument() {
        return state.equals(RESULT) ? folder.toString() : folder + "@" + state;
    }

    /// Short, as votes note it.
    String name() {
        return state.equals(RESULT)
                ? folder.getFileName().toString()
                : folder.getFileName() + "@" + state;
    }
}
