package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Reads the rows of a Parquet file, one row group after the other: the memory needed is that of
/// the largest row group's compressed columns.
///
/// A damaged file makes the library throw whatever its decoders happen to meet, errors of memory
/// included where a damaged length asks for more than there is; all of it means the same here.
final class ParquetRecordReader implements RecordReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String MAGIC = "PAR1";

    private final ParquetFileReader file;
    private final MessageType columns;
    private final MessageColumnIO assembly;
    private Supplier<Group> rowsOfGroup =
            () -> {
                throw new IllegalStateException("no row group");
            };
    private long leftInGroup;
    private int row;
    private boolean ended;

    private ParquetRecordReader(ParquetFileReader file, ColumnMap names) {
        this.file = file;
        this.columns = needed(file.getFooter().getFileMetaData().getSchema(), names);
        file.setRequestedSchema(columns);
        this.assembly = new ColumnIOFactory().getColumnIO(columns);
    }

    /// @throws IOException if the disk fails; a damaged file gives a reader that says so
    static RecordReader open(Path path, ColumnMap names) throws IOException {
        try (var bytes = new RandomAccessFile(path.toFile(), "r")) {
            byte[] end = new byte[MAGIC.length()];
            bytes.seek(Math.max(0, bytes.length() - end.length));
            bytes.readFully(end);
            if (!new String(end, StandardCharsets.ISO_8859_1).equals(MAGIC)) {
                return RecordReader.of(
                        RowProblem.file(
                                Code.PARQUET_TRUNCATED,
                                Place.WHOLE_FILE,
                                "the Parquet file does not end as one (PAR1), as if it had been cut"));
            }
        }
        try {
            ParquetFileReader file =
                    ParquetFileReader.open(
                            new LocalInputFile(path),
                            ParquetReadOptions.builder(new PlainParquetConfiguration())
                                    .withCodecFactory(new ParquetCodecs())
                                    .usePageChecksumVerification(true)
                                    .build());
            CompressionCodecName codec = unreadCodec(file);
            if (codec != null) {
                file.close();
                return RecordReader.of(
                        RowProblem.file(
                                Code.PARQUET_CODEC,
                                Place.WHOLE_FILE,
                                "the Parquet file is compressed with %s, and only snappy, zstd, gzip and uncompressed ones are read"
                                        .formatted(codec)));
            }
            return new ParquetRecordReader(file, names);
        } catch (RuntimeException | IOException | OutOfMemoryError _) {
            return RecordReader.of(corrupt(Place.WHOLE_FILE));
        }
    }

    private static @Nullable CompressionCodecName unreadCodec(ParquetFileReader file) {
        return file.getFooter().getBlocks().stream()
                .flatMap(group -> group.getColumns().stream())
                .map(ColumnChunkMetaData::getCodec)
                .filter(codec -> !ParquetCodecs.reads(codec))
                .findFirst()
                .orElse(null);
    }

    private static MessageType needed(MessageType schema, ColumnMap names) {
        Set<String> all =
                schema.getFields().stream().map(Type::getName).collect(Collectors.toSet());
        Set<String> needed = names.needed(all);
        return new MessageType(
                schema.getName(),
                schema.getFields().stream()
                        .filter(field -> needed.contains(field.getName()))
                        .toList());
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            if (leftInGroup == 0 && !openNextGroup()) {
                ended = true;
                return null;
            }
            leftInGroup--;
            row++;
            return record(rowsOfGroup.get(), new Place(0, row));
        } catch (RuntimeException | IOException | OutOfMemoryError _) {
            ended = true;
            return RawRecord.of(corrupt(new Place(0, row)));
        }
    }

    private boolean openNextGroup() throws IOException {
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) {
            return false;
        }
        leftInGroup = pages.getRowCount();
        rowsOfGroup = assembly.getRecordReader(pages, new GroupRecordConverter(columns))::read;
        return leftInGroup > 0 || openNextGroup();
    }

    private static RowProblem corrupt(Place place) {
        String where = place.row() == 0 ? "description of its columns" : "data";
        return RowProblem.file(
                Code.PARQUET_CORRUPT, place, "the Parquet file is damaged in the " + where);
    }

    private static RawRecord record(Group row, Place place) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        GroupType type = row.getType();
        for (int i = 0; i < type.getFieldCount(); i++) {
            String name = type.getFieldName(i);
            try {
                fields.put(name, field(row, i));
            } catch (CharacterCodingException _) {
                return RawRecord.of(
                        RowProblem.malformed(
                                place,
                                Code.INVALID_UTF8,
                                name,
                                name + " holds text that is not UTF-8"));
            }
        }
        return new RawRecord(place, fields, List.of());
    }

    private static JsonNode field(Group group, int field) throws CharacterCodingException {
        int count = group.getFieldRepetitionCount(field);
        if (!group.getType().getType(field).isRepetition(Type.Repetition.REPEATED)) {
            return count == 0 ? JSON.nullNode() : value(group, field, 0);
        }
        ArrayNode values = JSON.arrayNode();
        for (int i = 0; i < count; i++) {
            values.add(value(group, field, i));
        }
        return values;
    }

    private static JsonNode value(Group group, int field, int index)
            throws CharacterCodingException {
        Type type = group.getType().getType(field);
        if (!type.isPrimitive()) {
            Group inner = group.getGroup(field, index);
            return type.getLogicalTypeAnnotation()
                            instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
                    ? list(inner)
                    : object(inner);
        }
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> JSON.booleanNode(group.getBoolean(field, index));
            case INT32 -> JSON.numberNode(group.getInteger(field, index));
            case INT64 -> JSON.numberNode(group.getLong(field, index));
            case FLOAT -> JSON.numberNode(group.getFloat(field, index));
            case DOUBLE -> JSON.numberNode(group.getDouble(field, index));
            case BINARY -> JSON.stringNode(utf8(group.getBinary(field, index)));
            case INT96 -> JSON.binaryNode(group.getInt96(field, index).getBytes());
            case FIXED_LEN_BYTE_ARRAY -> JSON.binaryNode(group.getBinary(field, index).getBytes());
        };
    }

    private static ObjectNode object(Group group) throws CharacterCodingException {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < group.getType().getFieldCount(); i++) {
            object.set(group.getType().getFieldName(i), field(group, i));
        }
        return object;
    }

    /// The elements stand in a repeated group of one field, or, as older writers have it, are
    /// repeated themselves.
    private static JsonNode list(Group group) throws CharacterCodingException {
        Type repeated = group.getType().getType(0);
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) {
            return field(group, 0);
        }
        ArrayNode elements = JSON.arrayNode();
        for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
            elements.add(field(group.getGroup(0, i), 0));
        }
        return elements;
    }

    private static String utf8(Binary text) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(text.getBytesUnsafe()))
                .toString();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
