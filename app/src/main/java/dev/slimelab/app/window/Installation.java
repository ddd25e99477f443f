package dev.slimelab.app.window;

import java.nio.file.Path;

/// Where things are on this machine. The `slimelab` script sets the properties; without it
/// everything is looked for in the working directory.
///
/// @param runs where one's own runs are kept
/// @param samples finished runs that come with SlimeLab
/// @param assets the built-in model
public record Installation(Path runs, Path samples, Path assets) {
    public static Installation fromProperties() {
        return new Installation(
                Path.of(System.getProperty("slimelab.runs", "runs")),
                Path.of(System.getProperty("slimelab.samples", "sample-runs")),
                Path.of(System.getProperty("slimelab.assets", "assets")));
    }
}
