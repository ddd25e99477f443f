package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Pairs of token ids in a temporary file, so that data of any size trains in bounded memory: what
/// stays on the heap is eight bytes a pair.
///
/// The file lies where `java.io.tmpdir` says and is deleted when closed; it takes four bytes a
/// token. Layout of a pair, int32: three lengths, offset and weight as the two halves of a double
/// each (NaN for none), the label (-1 for none), then the ids of prompt, chosen, rejected. One
/// thread writes; then any number read. (`RandomAccessFile`, because an interrupted thread closes a
/// `FileChannel`.)
final class TokenStore implements AutoCloseable {
    private static final int LENGTHS = 3;
    private static final int SETTINGS = 2 * Double.BYTES / Integer.BYTES + 1;
    private static final int NO_LABEL = -1;
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final RandomAccessFile file;
    private ByteBuffer unwritten = ByteBuffer.allocate(BUFFER_BYTES);
    private long[] starts = new long[1024];
    private long written;
    private int size;
    private int largestId = -1;

    TokenStore() {
        try {
            path = Files.createTempFile("slimelab-tokens", ".bin");
            path.toFile().deleteOnExit(); // where the process ends without closing
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw noRoom(e);
        }
    }

    int size() {
        return size;
    }

    /// The largest token id of all pairs; -1 where there are none.
    int largestId() {
        return largestId;
    }

    void add(TokenPair pair) {
        int ints = LENGTHS + SETTINGS + pair.length();
        if (unwritten.remaining() < ints * Integer.BYTES) {
            write();
            if (unwritten.capacity() < ints * Integer.BYTES) {
                unwritten = ByteBuffer.allocate(ints * Integer.BYTES);
            }
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size + size / 2);
        }
        starts[size++] = written + unwritten.position();
        IntBuffer into = unwritten.asIntBuffer();
        into.put(pair.prompt().length).put(pair.chosen().length).put(pair.rejected().length);
        put(into, pair.settings().offset());
        put(into, pair.settings().weight());
        Boolean label = pair.settings().label();
        into.put(label == null ? NO_LABEL : label ? 1 : 0);
        for (int[] ids : pair.parts()) {
            into.put(ids);
            largestId = Math.max(largestId, IntStream.of(ids).max().orElse(-1));
        }
        unwritten.position(unwritten.position() + ints * Integer.BYTES);
    }

    /// @param index from 0, in the order of adding
    synchronized TokenPair get(int index) {
        write();
        try {
            long end = index + 1 < size ? starts[index + 1] : written;
            byte[] bytes = new byte[Math.toIntExact(end - starts[index])];
            file.seek(starts[index]);
            file.readFully(bytes);
            IntBuffer ints = ByteBuffer.wrap(bytes).asIntBuffer();
            int[] prompt = new int[ints.get()];
            int[] chosen = new int[ints.get()];
            int[] rejected = new int[ints.get()];
            var settings =
                    new PreferenceRow.Settings(number(ints), number(ints), label(ints.get()));
            ints.get(prompt).get(chosen).get(rejected);
            return new TokenPair(prompt, chosen, rejected, settings);
        } catch (IOException e) {
            throw Problem.failed(
                    "The tokenised data in " + path + " cannot be read: " + e.getMessage() + ".",
                    "Check the disk; the file must stay while the run trains.",
                    e);
        }
    }

    private static @Nullable Boolean label(int stored) {
        return stored == NO_LABEL ? null : (Boolean) (stored == 1);
    }

    private static void put(IntBuffer into, @Nullable Double number) {
        long bits = Double.doubleToLongBits(number == null ? Double.NaN : number);
        into.put((int) (bits >>> Integer.SIZE)).put((int) bits);
    }

    private static @Nullable Double number(IntBuffer from) {
        long upper = (long) from.get() << Integer.SIZE;
        double number = Double.longBitsToDouble(upper | Integer.toUnsignedLong(from.get()));
        return Double.isNaN(number) ? null : (Double) number;
    }

    private void write() {
        if (unwritten.position() == 0) {
            return;
        }
        try {
            file.seek(written);
            file.write(unwritten.array(), 0, unwritten.position());
            written += unwritten.position();
            unwritten.clear();
        } catch (IOException e) {
            throw noRoom(e);
        }
    }

    private static Problem noRoom(IOException e) {
        return Problem.failed(
                "The tokenised data cannot be kept in the temporary folder: "
                        + e.getMessage()
                        + ".",
                "Make room there, or name another with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER.",
                e);
    }

    @Override
    public void close() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw Problem.failed(
                    "The temporary file " + path + " cannot be deleted: " + e.getMessage() + ".",
                    "Delete it.",
                    e);
        }
    }
}
