package dev.slimelab.app.chart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A figure's measurements as TensorBoard reads them: a folder with a sub-folder for each curve, in
/// each a file of `Event` messages in TFRecord framing. Written by hand, because the four fields
/// that are needed do not justify a protocol buffer library.
///
/// The step is the position on the figure's axis, rounded; the scalar is named after the figure. A
/// [HeatMap] becomes a histogram at each of its steps, in one folder named after the figure.
final class EventFile {
    private static final int MASK = 0xa282ead8;
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int HISTOGRAM = 5;
    private static final int LEAST = 1;
    private static final int GREATEST = 2;
    private static final int COUNT = 3;
    private static final int SUM = 4;
    private static final int SUM_OF_SQUARES = 5;
    private static final int BUCKET_LIMITS = 6;
    private static final int BUCKETS = 7;

    private EventFile() {}

    /// @param seconds since 1970: when the file was written
    static void write(ChartPainter.Painting painting, Path folder, long seconds)
            throws IOException {
        String tag = painting.figure().title();
        if (painting.figure().form() instanceof Figure.Form.Heat(HeatMap map)) {
            List<byte[]> summaries =
                    map.columns().stream()
                            .filter(column -> column.total() > 0)
                            .map(
                                    column ->
                                            event(seconds, Math.round(column.step()))
                                                    .append(
                                                            SUMMARY,
                                                            summary(tag)
                                                                    .append(
                                                                            HISTOGRAM,
                                                                            histogram(map, column))
                                                                    .wrapped(VALUE))
                                                    .bytes())
                            .toList();
            write(folder.resolve(name(tag)), seconds, summaries);
            return;
        }
        for (PreparedCurve prepared : painting.curves()) {
            Series series = prepared.curve().series();
            List<byte[]> summaries = new ArrayList<>();
            for (int i = 0; i < series.size(); i++) {
                if (Double.isFinite(series.value(i))) {
                    Message value = summary(tag).append(SIMPLE_VALUE, (float) series.value(i));
                    summaries.add(
                            event(seconds, Math.round(series.step(i)))
                                    .append(SUMMARY, value.wrapped(VALUE))
                                    .bytes());
                }
            }
            write(folder.resolve(name(prepared.curve().label())), seconds, summaries);
        }
    }

    private static String name(String words) {
        return words.replaceAll("[^\\w.=-]+", "_");
    }

    private static void write(Path run, long seconds, List<byte[]> events) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(file, event(seconds, 0).append(VERSION, "brain.Event:2").bytes());
        events.forEach(event -> record(file, event));
        Files.write(
                Files.createDirectories(run)
                        .resolve("events.out.tfevents." + seconds + ".slimelab"),
                file.toByteArray());
    }

    private static Message summary(String tag) {
        return new Message().append(TAG, tag);
    }

    /// From the lowest to the highest bin that was hit. The sums take each value for the middle of
    /// its bin.
    private static byte[] histogram(HeatMap map, HeatMap.Column column) {
        List<Integer> counts = column.counts();
        int first = 0;
        while (counts.get(first) == 0) {
            first++;
        }
        int end = counts.size();
        while (counts.get(end - 1) == 0) {
            end--;
        }
        double sum = 0;
        double squares = 0;
        byte[] limits = new byte[(end - first) * Double.BYTES];
        byte[] buckets = new byte[(end - first) * Double.BYTES];
        for (int bin = first; bin < end; bin++) {
            int place = (bin - first) * Double.BYTES;
            double middle = map.low() + (bin + 0.5) * map.width();
            sum += counts.get(bin) * middle;
            squares += counts.get(bin) * middle * middle;
            little(limits).putDouble(place, map.low() + (bin + 1) * map.width());
            little(buckets).putDouble(place, counts.get(bin));
        }
        return new Message()
                .append(LEAST, map.low() + first * map.width())
                .append(GREATEST, map.low() + end * map.width())
                .append(COUNT, (double) column.total())
                .append(SUM, sum)
                .append(SUM_OF_SQUARES, squares)
                .append(BUCKET_LIMITS, limits)
                .append(BUCKETS, buckets)
                .bytes();
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

        /// As the only field of another message.
        byte[] wrapped(int field) {
            return new Message().append(field, bytes()).bytes();
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
