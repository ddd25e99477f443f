package dev.slimelab.engine.model;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A file of named tensors in the safetensors format, mapped into memory and checked when opened.
///
/// The format: eight bytes with the length of a JSON header, the header, then the tensors' bytes,
/// one after the other without gaps (<https://github.com/huggingface/safetensors>).
public final class Safetensors implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final long LONGEST_HEADER = 100_000_000;
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Map<String, Integer> ELEMENT_BYTES =
            Map.ofEntries(
                    Map.entry("BOOL", 1),
                    Map.entry("U8", 1),
                    Map.entry("I8", 1),
                    Map.entry("F8_E4M3", 1),
                    Map.entry("F8_E5M2", 1),
                    Map.entry("U16", 2),
                    Map.entry("I16", 2),
                    Map.entry("F16", 2),
                    Map.entry("BF16", 2),
                    Map.entry("U32", 4),
                    Map.entry("I32", 4),
                    Map.entry("F32", 4),
                    Map.entry("U64", 8),
                    Map.entry("I64", 8),
                    Map.entry("F64", 8));

    private final Path file;
    private final Arena arena;
    private final long dataStart;
    private final MemorySegment data;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    /// Where a tensor is.
    ///
    /// @param type as the format writes it, such as `BF16`
    /// @param begin first byte, counted from the end of the header
    public record Entry(String name, String type, List<Long> shape, long begin, long end) {}

    private Safetensors(Path file, Arena arena, MemorySegment whole) {
        this.file = file;
        this.arena = arena;
        long headerLength = whole.byteSize() < 8 ? -1 : whole.get(LENGTH, 0);
        if (headerLength < 2 || headerLength > LONGEST_HEADER) {
            throw broken("it does not start with the length of a header");
        }
        if (8 + headerLength > whole.byteSize()) {
            throw broken("it ends inside its header");
        }
        JsonNode header = header(whole.asSlice(8, headerLength));
        this.dataStart = 8 + headerLength;
        this.data = whole.asSlice(dataStart);
        this.metadata = metadata(header.path("__metadata__"));
        this.entries = entries(header);
        checkPlaces();
    }

    /// Maps the file read-only.
    ///
    /// @throws Problem naming the file, and the tensor where there is one, when the file is
    ///   missing, cut short, or contradicts itself
    public static Safetensors open(Path file) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment whole =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new Safetensors(file, arena, whole);
        } catch (IOException e) {
            arena.close();
            throw Problem.badRequest(
                    "%s cannot be read: %s.".formatted(file, e.getMessage()),
                    "Check the path and its permissions.",
                    e);
        } catch (Problem e) {
            arena.close();
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    /// Length of the file in bytes.
    long size() {
        return dataStart + data.byteSize();
    }

    /// Where in the file the tensors start.
    long dataStart() {
        return dataStart;
    }

    public Set<String> names() {
        return entries.keySet();
    }

    /// The file's own remarks, `__metadata__`.
    public Map<String, String> metadata() {
        return metadata;
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw Problem.badRequest(
                    "%s has no tensor %s.".formatted(file, name),
                    "Check that the file belongs to this configuration.");
        }
        return entry;
    }

    /// The bytes of a tensor, in place: valid until this object is closed, and read-only.
    public ByteBuffer bytes(String name) {
        Entry entry = entry(name);
        long size = entry.end - entry.begin;
        if (size > Integer.MAX_VALUE) {
            throw Problem.badRequest(
                    "Tensor %s in %s has %d bytes.".formatted(name, file, size),
                    "Only tensors below 2 GB can be read as bytes.");
        }
        return data.asSlice(entry.begin, size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// Unmaps the file; whatever still points into it must not be used any more.
    @Override
    public void close() {
        arena.close();
    }

    private JsonNode header(MemorySegment bytes) {
        try {
            JsonNode header = JSON.readTree(bytes.toArray(ValueLayout.JAVA_BYTE));
            if (!header.isObject()) {
                throw broken("its header is no JSON object");
            }
            return header;
        } catch (JacksonException e) {
            throw broken("its header is no valid JSON (" + e.getOriginalMessage() + ")");
        }
    }

    private static Map<String, String> metadata(JsonNode remarks) {
        var metadata = new LinkedHashMap<String, String>();
        remarks.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asString("")));
        return metadata;
    }

    private Map<String, Entry> entries(JsonNode header) {
        var found = new LinkedHashMap<String, Entry>();
        for (var property : header.properties()) {
            if (!property.getKey().equals("__metadata__")) {
                found.put(property.getKey(), entry(property.getKey(), property.getValue()));
            }
        }
        return found;
    }

    private Entry entry(String name, JsonNode json) {
        String type = json.path("dtype").asString("");
        Integer elementBytes = ELEMENT_BYTES.get(type);
        if (elementBytes == null) {
            throw broken("tensor %s has the unknown type \"%s\"".formatted(name, type));
        }
        var shape = new ArrayList<Long>();
        long bytes = elementBytes;
        for (JsonNode dimension : json.path("shape")) {
            long size = dimension.isIntegralNumber() ? dimension.asLong() : -1;
            if (size < 0) {
                throw broken("tensor %s has the shape %s".formatted(name, json.path("shape")));
            }
            shape.add(size);
            bytes = Math.multiplyHigh(bytes, size) == 0 ? bytes * size : Long.MAX_VALUE;
        }
        JsonNode offsets = json.path("data_offsets");
        long begin = offsets.path(0).asLong(-1);
        long end = offsets.path(1).asLong(-1);
        if (begin < 0 || end < begin) {
            throw broken("tensor %s has the offsets %s".formatted(name, offsets));
        }
        if (end > data.byteSize()) {
            throw broken(
                    "tensor %s ends at byte %d of %d, so the file is cut short"
                            .formatted(name, end, data.byteSize()));
        }
        if (end - begin != bytes) {
            throw broken(
                    "tensor %s of type %s and shape %s takes %d bytes, not %d"
                            .formatted(name, type, shape, bytes, end - begin));
        }
        return new Entry(name, type, List.copyOf(shape), begin, end);
    }

    private void checkPlaces() {
        long next = 0;
        for (Entry entry :
                entries.values().stream().sorted(Comparator.comparingLong(Entry::begin)).toList()) {
            if (entry.begin != next) {
                throw broken(
                        "tensor %s starts at byte %d, but %d was expected (overlap or gap)"
                                .formatted(entry.name, entry.begin, next));
            }
            next = entry.end;
        }
        if (next != data.byteSize()) {
            throw broken("its tensors end at byte %d of %d".formatted(next, data.byteSize()));
        }
    }

    private Problem broken(String why) {
        return Problem.badRequest(
                "%s is not a valid safetensors file: %s.".formatted(file, why),
                "Download or export it again.");
    }

    /// A tensor to be written.
    ///
    /// @param type as the format writes it
    /// @param parts the bytes, little-endian, each part from position to limit; asked for once,
    ///   when the tensor's turn comes, so that a large one need not exist as a whole
    public record Content(String type, List<Long> shape, Supplier<Stream<ByteBuffer>> parts) {
        public Content(String type, List<Long> shape, ByteBuffer bytes) {
            this(type, shape, () -> Stream.of(bytes.duplicate()));
        }

        private long size() {
            return shape.stream().reduce((long) elementBytes(type), Math::multiplyExact);
        }
    }

    private static int elementBytes(String type) {
        Integer bytes = ELEMENT_BYTES.get(type);
        if (bytes == null) {
            throw new IllegalArgumentException("There is no type " + type);
        }
        return bytes;
    }

    /// Writes a file whole, as [AtomicFile] does, and its folder where there is none.
    ///
    /// @param tensors in the order in which they are stored
    public static void write(
            Path file, Map<String, Content> tensors, Map<String, String> metadata) {
        var header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            var remarks = header.putObject("__metadata__");
            metadata.forEach(remarks::put);
        }
        long begin = 0;
        for (var tensor : tensors.entrySet()) {
            Content content = tensor.getValue();
            var entry = header.putObject(tensor.getKey());
            entry.put("dtype", content.type);
            var shape = entry.putArray("shape");
            content.shape.forEach(shape::add);
            long end = begin + content.size();
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        // Padded with spaces so that the tensors start at a multiple of eight.
        String text = header.toString();
        byte[] json =
                (text + " ".repeat(Math.floorMod(-text.getBytes(StandardCharsets.UTF_8).length, 8)))
                        .getBytes(StandardCharsets.UTF_8);
        Stream<ByteBuffer> start =
                Stream.of(
                        ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(0, json.length),
                        ByteBuffer.wrap(json));
        Stream<ByteBuffer> rest = tensors.values().stream().flatMap(content -> content.parts.get());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw Problem.failed(
                    "The folder of %s could not be made: %s.".formatted(file, e),
                    "Check free space and permissions.",
                    e);
        }
        AtomicFile.write(file, Stream.concat(start, rest));
    }
}
