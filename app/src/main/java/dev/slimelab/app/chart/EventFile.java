package dev.slimelab.app.chart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A figure's measurements as TensorBoard reads them: a folder with a sub-folder for each curve, in
/// each a file of `Event` messages in TFRecord framing. Written by hand, because the four fields
/// that are needed do not justify a protocol buffer library.
///
/// The step is the position on the figure's axis, rounded; the scalar is named after the figure.
final class EventFile {
    private static final int MASK = 0xa282ead8;
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;

    private EventFile() {}

    /// @param seconds since 1970: when the file was written
    static void write(ChartPainter.Painting painting, Path folder, long seconds)
            throws IOException {
        for (PreparedCurve prepared : painting.curves()) {
            Curve curve = prepared.curve();
            Path run =
                    Files.createDirectories(
                            folder.resolve(curve.label().replaceAll("[^\\w.=-]+", "_")));
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            record(file, event(seconds, 0).append(VERSION, "brain.Event:2").bytes());
            for (int i = 0; i < curve.series().size(); i++) {
                double value = curve.series().value(i);
                if (Double.isFinite(value)) {
                    Message scalar =
                            new Message()
                                    .append(TAG, painting.figure().title())
                                    .append(SIMPLE_VALUE, (float) value);
                    Message summary = new Message().append(VALUE, scalar.bytes());
                    long step = Math.round(curve.series().step(i));
                    record(file, event(seconds, step).append(SUMMARY, summary.bytes()).bytes());
                }
            }
            Files.write(
                    run.resolve("events.out.tfevents." + seconds + ".slimelab"),
                    file.toByteArray());
        }
    }

    private static Message event(long seconds, long step) {
        return new Message().append(WALL_TIME, (double) seconds).append(STEP, step);
    }

    /// Length, its checksum, the message, its checksum.
    private static void record(ByteArrayOutputStream file, byte[] message) {
        byte[] length = new byte[Long.BYTES];
        little(length).putLong(message.length);
        file.writeBytes(length);
        file.writeBytes(masked(length));
        file.writeBytes(message);
        file.writeBytes(masked(message));
    }

    private static byte[] masked(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        byte[] masked = new byte[Integer.BYTES];
        little(masked).putInt(Integer.rotateRight((int) checksum.getValue(), 15) + MASK);
        return masked;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// A protocol buffer message under construction.
    private static final class Message {
        private static final int VARINT = 0;
        private static final int EIGHT_BYTES = 1;
        private static final int LENGTH = 2;
        private static final int FOUR_BYTES = 5;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message append(int field, double value) {
            key(field, EIGHT_BYTES);
            byte[] eight = new byte[Double.BYTES];
            little(eight).putDouble(value);
            bytes.writeBytes(eight);
            return this;
        }

        Message append(int field, float value) {
            key(field, FOUR_BYTES);
            byte[] four = new byte[Float.BYTES];
            little(four).putFloat(value);
            bytes.writeBytes(four);
            return this;
        }

        Message append(int field, long value) {
            key(field, VARINT);
            varint(value);
            return this;
        }

        Message append(int field, String words) {
            return append(field, words.getBytes(StandardCharsets.UTF_8));
        }

        Message append(int field, byte[] message) {
            key(field, LENGTH);
            varint(message.length);
            bytes.writeBytes(message);
            return this;
        }

        private void key(int field, int wireType) {
            varint(8L * field + wireType);
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
