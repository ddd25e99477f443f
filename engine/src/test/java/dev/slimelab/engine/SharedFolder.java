package dev.slimelab.engine;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of reference numbers, real data and malformed files that tests compare with, next to
/// the repository or where `-Dslimelab.shared` says. It is not part of the repository: without it
/// these tests are skipped, with a warning.
public final class SharedFolder {
    private static final Path ROOT = Path.of(System.getProperty("slimelab.shared", "../../shared"));

    private SharedFolder() {}

    /// Skips the test where there is no such file.
    ///
    /// @param relative to the folder, for example `parity/models/llama-tied`
    public static Path path(String relative) {
        Path path = ROOT.resolve(relative);
        if (!Files.exists(path)) {
            String message =
                    "SKIPPED: no " + path.toAbsolutePath().normalize() + "; set -Dslimelab.shared";
            System.getLogger(SharedFolder.class.getName()).log(Level.WARNING, message);
            Assumptions.abort(message);
        }
        return path;
    }

    public static JsonNode json(String relative) {
        return JsonMapper.shared().readTree(path(relative));
    }
}
