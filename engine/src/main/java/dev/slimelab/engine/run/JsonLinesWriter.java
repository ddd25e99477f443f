package dev.slimelab.engine.run;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Appends one JSON object per line, each handed to the operating system whole, so that a killed
/// engine loses nothing.
public final class JsonLinesWriter implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final OutputStream out;

    /// A last line that a killed engine left unfinished is ended first, so that nothing is added to
    /// it.
    public JsonLinesWriter(Path file) {
        try {
            boolean torn = endsWithinALine(file);
            out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (torn) {
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean endsWithinALine(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, channel.size() - 1);
            return last.get(0) != '\n';
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
            // One call: what a writer with a buffer splits, a kill can tear.
            out.write((JSON.writeValueAsString(finite) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
