package dev.slimelab.app.window;

import java.nio.file.Path;

/// Where things are on this machine. The `slimelab` script names its own folder; without it
/// everything is looked for in the working directory.
///
/// @param runs where one's own runs are kept
/// @param samples finished runs that come with SlimeLab
/// @param assets the built-in model
public record Installation(Path runs, Path samples, Path assets) {
    public static Installation fromProperties() {
        Path home = Path.of(System.getProperty("slimelab.home", "")).toAbsolutePath();
        return new Installation(
                Path.of(System.getProperty("slimelab.runs", home.resolve("runs").toString())),
                home.resolve("sample-runs"),
                home.resolve("assets"));
    }

    /// The same installation with runs kept elsewhere.
    public Installation withRuns(Path folder) {
        return new Installation(folder, samples, assets);
    }
}
