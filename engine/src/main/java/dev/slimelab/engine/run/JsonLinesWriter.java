package dev.slimelab.engine.run;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Appends one JSON object per line, each handed to the operating system whole, so that a killed
/// engine loses nothing.
public final class JsonLinesWriter implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final BufferedWriter writer;

    public JsonLinesWriter(Path file) {
        try {
            writer =
                    Files.newBufferedWriter(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Appends one line; values that are null or not finite are left out, as JSON has no word for
    /// them.
    public synchronized void append(Map<String, ? extends @Nullable Object> line) {
        var finite = new java.util.LinkedHashMap<String, Object>();
        line.forEach(
                (key, value) -> {
                    if (value != null
                            && !(value instanceof Double number && !Double.isFinite(number))) {
                        finite.put(key, value);
                    }
                });
        try {
            writer.write(JSON.writeValueAsString(finite));
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
