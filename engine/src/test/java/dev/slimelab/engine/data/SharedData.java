package dev.slimelab.engine.data;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of real and malformed files that tests compare with, next to the repository or where
/// `-Dslimelab.shared` says. It is not part of the repository: without it these tests are skipped,
/// with a warning.
final class SharedData {
    private static final Path ROOT = Path.of(System.getProperty("slimelab.shared", "../../shared"));

    private SharedData() {}

    static Path path(String relative) {
        Path path = ROOT.resolve("data").resolve(relative);
        if (!Files.exists(path)) {
            String message =
                    "SKIPPED: no " + path.toAbsolutePath().normalize() + "; set -Dslimelab.shared";
            System.getLogger(SharedData.class.getName()).log(Level.WARNING, message);
            Assumptions.abort(message);
        }
        return path;
    }

    static JsonNode json(String relative) {
        return JsonMapper.shared().readTree(path(relative));
    }
}
