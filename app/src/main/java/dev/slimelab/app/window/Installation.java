package dev.slimelab.app.window;

import java.nio.file.Path;
import java.util.Locale;

/// Where things are on this machine. The `slimelab` script names its own folder; without it
/// everything is looked for in the working directory.
///
/// @param runs where one's own runs are kept
/// @param samples finished runs that come with SlimeLab
/// @param assets the built-in model
/// @param opening what the window shows first
public record Installation(Path runs, Path samples, Path assets, Opening opening) {
    /// Names an [Opening] in small letters: `latest` or `compare_all`.
    public static final String OPENING = "slimelab.opening";

    /// Where the window keeps what it remembers: `slimelab.memory`, else the usual place for a
    /// person's settings.
    public Path memory() {
        String set = System.getProperty("slimelab.memory", "");
        return set.isEmpty() ? Memory.usualPlace() : Path.of(set);
    }

    public static Installation fromProperties() {
        return new Installation(
                folder("runs", "runs"),
                folder("samples", "sample-runs"),
                folder("assets", "assets"),
                Opening.valueOf(
                        System.getProperty(OPENING, Opening.LATEST.name())
                                .toUpperCase(Locale.ROOT)));
    }

    private static Path folder(String property, String name) {
        String home = System.getProperty("slimelab.home", "");
        return Path.of(System.getProperty("slimelab." + property, Path.of(home, name).toString()));
    }
}
