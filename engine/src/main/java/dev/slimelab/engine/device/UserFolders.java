package dev.slimelab.engine.device;

import java.nio.file.Path;
import java.util.Locale;

/// Where this user's programs keep what they install and what they can make again.
public final class UserFolders {
    private UserFolders() {}

    /// What was installed; deleting it loses it.
    public static Path data() {
        return folder("XDG_DATA_HOME", ".local/share", "Library/Application Support", "data");
    }

    /// What can be made again.
    public static Path cache() {
        return folder("XDG_CACHE_HOME", ".cache", "Library/Caches", "cache");
    }

    private static Path folder(String variable, String linux, String mac, String windows) {
        Path home = Path.of(System.getProperty("user.home"));
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            String local = System.getenv("LOCALAPPDATA");
            return (local == null ? home : Path.of(local)).resolve("SlimeLab").resolve(windows);
        }
        if (system.startsWith("mac")) {
            return home.resolve(mac).resolve("SlimeLab");
        }
        String given = System.getenv(variable);
        return (given == null ? home.resolve(linux) : Path.of(given)).resolve("slimelab");
    }
}
