package dev.slimelab.engine.kernel;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Guards against a libtorch other than the one the JNI library was built for.
///
/// A locally installed one, named by `PYTORCH_LIBRARY_PATH`, loads whatever its version is, and a
/// wrong one then returns corrupt tensors without any error. So its version is read from the files
/// beside it before it is loaded.
final class LibtorchVersion {
    static final String REQUIRED = "2.7.1";
    private static final String SETTING = "PYTORCH_LIBRARY_PATH";
    private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");

    private LibtorchVersion() {}

    /// Looks only at a libtorch that was chosen through the environment or a system property.
    static void check() {
        String setting = System.getenv(SETTING);
        check(setting != null ? setting : System.getProperty(SETTING));
    }

    static void check(@Nullable String libraryPath) {
        if (libraryPath == null) {
            return;
        }
        Path first = Path.of(libraryPath.split(Pattern.quote(File.pathSeparator), -1)[0]);
        Path folder = Files.isRegularFile(first) ? first.resolveSibling(".") : first;
        String found = versionOf(folder.toAbsolutePath().normalize()).orElse("unknown");
        if (!found.equals(REQUIRED)) {
            throw Problem.badRequest(
                    "%s names %s, whose libtorch version is %s; this engine needs %s."
                            .formatted(SETTING, folder, found, REQUIRED),
                    "Install torch %s and name its lib folder, or unset %s."
                            .formatted(REQUIRED, SETTING));
        }
    }

    /// Python packages say it in `torch/version.py`, libtorch downloads in `build-version`.
    private static Optional<String> versionOf(Path libraries) {
        for (String name : new String[] {"version.py", "build-version"}) {
            Path file = libraries.resolveSibling(name);
            if (Files.isRegularFile(file)) {
                try {
                    Matcher number = NUMBER.matcher(Files.readString(file));
                    if (number.find()) {
                        return Optional.of(number.group(1));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return Optional.empty();
    }
}
