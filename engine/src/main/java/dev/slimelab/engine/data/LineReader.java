package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Splits bytes into lines before decoding them, so that broken UTF-8 in one line costs that line
/// only. Blank lines are skipped and counted. Time is linear in the length of a line, memory is
/// that of the longest.
final class LineReader implements AutoCloseable {
    /// @param number physical line, from 1
    /// @param text without the line end; null where the bytes are no UTF-8
    /// @param firstBadByte offset in the file of the first byte that is no UTF-8, else -1
    record Line(int number, @Nullable String text, long firstBadByte) {
        /// What is wrong with a line that has no text.
        RowProblem notUtf8(int row) {
            return RowProblem.malformed(
                    new Place(number, row),
                    Code.INVALID_UTF8,
                    null,
                    "byte " + firstBadByte + " of the file is not UTF-8");
        }
    }

    private final InputStream bytes;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private int number;
    private long consumed;
    private long lineStart;

    /// @param start offset in the file of the first byte that comes
    LineReader(InputStream bytes, long start) {
        this.bytes = bytes;
        this.consumed = start;
    }

    /// The next line that is not blank, or null at the end.
    @Nullable Line next() throws IOException {
        for (byte[] line = nextBytes(); line != null; line = nextBytes()) {
            Line decoded = decode(line);
            if (decoded.text() == null || !decoded.text().isBlank()) {
                return decoded;
            }
        }
        return null;
    }

    /// The next line, from that number on, whose bytes are no UTF-8.
    ///
    /// @throws IOException if there is none, although another reader found one
    Line nextNotUtf8(int from) throws IOException {
        Line line = next();
        while (line != null && (line.number() < from || line.text() != null)) {
            line = next();
        }
        if (line == null) {
            throw new IOException("the file changed while it was read");
        }
        return line;
    }

    private byte @Nullable [] nextBytes() throws IOException {
        var line = new ByteArrayOutputStream();
        lineStart = consumed;
        while (fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            boolean complete = end < limit;
            int next = complete ? end + 1 : end;
            consumed += next - position;
            position = next;
            if (complete) {
                number++;
                return line.toByteArray();
            }
        }
        if (line.size() == 0) {
            return null;
        }
        number++;
        return line.toByteArray();
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, bytes.read(buffer));
        }
        return position < limit;
    }

    private Line decode(byte[] line) {
        int length =
                line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        var input = ByteBuffer.wrap(line, 0, length);
        var output = CharBuffer.allocate(length);
        CoderResult result =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(input, output, true);
        return result.isError()
                ? new Line(number, null, lineStart + input.position())
                : new Line(number, output.flip().toString(), -1);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
