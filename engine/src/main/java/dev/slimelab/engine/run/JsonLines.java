package dev.slimelab.engine.run;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Files of JSON objects with a `step`, in the order of their steps.
public final class JsonLines {
    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonLines() {}

    /// Cuts a file off before the first line that is of a later step, or unfinished.
    ///
    /// @return how many lines were cut; 0 where there is no such file
    public static int cutAfter(Path file, int step) {
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            long kept = 0;
            int cut = 0;
            try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                for (int next = bytes.read(); next >= 0; next = bytes.read()) {
                    line.write(next);
                    if (next == '\n') {
                        if (cut == 0 && isUpTo(line.toByteArray(), step)) {
                            kept += line.size();
                        } else {
                            cut++;
                        }
                        line.reset();
                    }
                }
                cut += line.size() > 0 ? 1 : 0;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
                channel.force(true);
            }
            return cut;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUpTo(byte[] line, int step) {
        try {
            JsonNode of = JSON.readTree(line).path("step");
            return of.isInt() && of.intValue() <= step;
        } catch (JacksonException _) {
            return false;
        }
    }
}
