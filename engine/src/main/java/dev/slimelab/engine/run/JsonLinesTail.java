package dev.slimelab.engine.run;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Follows an append-only file of JSON objects: each [#poll] reads what has come since the last.
///
/// A line without its newline is still being written and is left for later. A file that shrank (a
/// resumed run cuts its metrics back) is read again from its start, which [Lines#restarted] says.
public final class JsonLinesTail {
    /// What a poll found.
    ///
    /// @param restarted whether everything read before must be forgotten
    /// @param lines complete objects in file order; lines that are not JSON objects are passed over
    public record Lines(boolean restarted, List<JsonNode> lines) {}

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private long position;

    public JsonLinesTail(Path file) {
        this.file = file;
    }

    public Lines poll() {
        if (!Files.exists(file)) {
            boolean restarted = position > 0;
            position = 0;
            return new Lines(restarted, List.of());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean restarted = channel.size() < position;
            if (restarted) {
                position = 0;
            }
            byte[] fresh = read(channel);
            List<JsonNode> lines = new ArrayList<>();
            int start = 0;
            for (int i = 0; i < fresh.length; i++) {
                if (fresh[i] == '\n') {
                    parse(fresh, start, i, lines);
                    start = i + 1;
                }
            }
            position += start;
            return new Lines(restarted, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size() - position));
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
            // reads until the size seen at the start, or the end of a file that shrank meanwhile
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    private static void parse(byte[] bytes, int from, int to, List<JsonNode> into) {
        try {
            JsonNode node = JSON.readTree(bytes, from, to - from);
            if (node.isObject()) {
                into.add(node);
            }
        } catch (JacksonException _) {
            // a torn line of a killed writer that was appended to later
        }
    }
}
