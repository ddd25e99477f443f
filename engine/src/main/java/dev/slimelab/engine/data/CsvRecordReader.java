package dev.slimelab.engine.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a table with a header, field by field as strings.
///
/// Bytes are parsed as Latin-1, which keeps every byte and moves no separator, and each field is
/// decoded from UTF-8 on its own: so broken UTF-8 costs one row, and the row can be named.
final class CsvRecordReader implements RecordReader {
    private static final int MAX_FIELD_CHARACTERS = 1 << 28;
    private static final String BROKEN =
            "the quotation marks are broken; the table cannot be read beyond it";
    private static final Pattern STARTING_LINE = Pattern.compile("starting at line (\\d+)");

    private final DataFile file;
    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private @Nullable LineReader badLines;
    private @Nullable List<String> header;
    private int row;
    private int line = 1;
    private boolean ended;

    CsvRecordReader(DataFile file, InputStream bytes, char separator) {
        this.file = file;
        this.csv =
                CsvReader.builder()
                        .fieldSeparator(separator)
                        .skipEmptyLines(true)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(MAX_FIELD_CHARACTERS)
                        .ofCsvRecord(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1));
        this.records = csv.iterator();
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        if (header == null && !ended) {
            RawRecord bad = readHeader();
            if (bad != null) {
                ended = true;
                return bad;
            }
        }
        return header == null || ended ? null : read(header);
    }

    private @Nullable RawRecord readHeader() throws IOException {
        try {
            CsvRecord record = nextRecord();
            header = record == null ? null : values(record);
            return null;
        } catch (CsvParseException e) {
            return RawRecord.of(RowProblem.file(Code.CSV_SYNTAX, new Place(1, 0), BROKEN));
        } catch (CharacterCodingException _) {
            RowProblem bad = badLine();
            return RawRecord.of(RowProblem.file(bad.code(), bad.place(), bad.message()));
        }
    }

    private @Nullable RawRecord read(List<String> columns) throws IOException {
        row++;
        try {
            CsvRecord record = nextRecord();
            return record == null ? null : record(columns, values(record));
        } catch (CsvParseException e) {
            ended = true;
            Matcher start = STARTING_LINE.matcher(String.valueOf(e.getMessage()));
            var place = new Place(start.find() ? Integer.parseInt(start.group(1)) : line, row);
            return RawRecord.of(RowProblem.malformed(place, Code.CSV_SYNTAX, null, BROKEN));
        } catch (CharacterCodingException _) {
            return RawRecord.of(badLine());
        }
    }

    private @Nullable CsvRecord nextRecord() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord record = records.next();
            line = Math.toIntExact(record.getStartingLineNumber());
            return record;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private RawRecord record(List<String> columns, List<String> values) {
        var place = new Place(line, row);
        if (values.size() != columns.size()) {
            return RawRecord.of(
                    RowProblem.malformed(
                            place,
                            Code.CSV_FIELD_COUNT,
                            null,
                            "the row has %d fields, and the header has %d columns"
                                    .formatted(values.size(), columns.size())));
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            fields.put(columns.get(i), JsonNodeFactory.instance.stringNode(values.get(i)));
        }
        return new RawRecord(place, fields, List.of());
    }

    private static List<String> values(CsvRecord record) throws CharacterCodingException {
        List<String> values = new ArrayList<>();
        for (String bytes : record.getFields()) {
            values.add(utf8(bytes));
        }
        return values;
    }

    private static String utf8(String bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }

    /// Reads along by lines, once, to say at which byte.
    private RowProblem badLine() throws IOException {
        if (badLines == null) {
            badLines = new LineReader(file.bytes(), 0);
        }
        return badLines.nextNotUtf8(line).notUtf8(row);
    }

    @Override
    public void close() throws IOException {
        csv.close();
        if (badLines != null) {
            badLines.close();
        }
    }
}
