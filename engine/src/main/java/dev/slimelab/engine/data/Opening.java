package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the first bytes of a file say about its format. Names of files are not asked: they lie
/// often enough.
sealed interface Opening {
    /// JSON, one object a line.
    ///
    /// @param start offset of the text, after a byte order mark
    record Lines(int start) implements Opening {}

    /// JSON, one array of objects.
    record Array() implements Opening {}

    /// A table with a header (RFC 4180).
    record Csv(char separator) implements Opening {}

    record Parquet() implements Opening {}

    /// Something else, recognised or not.
    record Foreign(RowProblem problem) implements Opening {}

    /// The bytes that a format begins with, each written as the character of its number.
    record Signature(String format, String bytes) {}

    int HEAD_BYTES = 1 << 14;

    Signature UTF8_MARK = new Signature("UTF-8", "\u00ef\u00bb\u00bf");

    /// UTF-32 before UTF-16, whose mark it begins with; the last four have no mark and show by the
    /// zeros around the first `{` or `[`.
    List<Signature> ENCODINGS =
            List.of(
                    new Signature("UTF-32LE", "\u00ff\u00fe\0\0"),
                    new Signature("UTF-32BE", "\0\0\u00fe\u00ff"),
                    new Signature("UTF-16LE", "\u00ff\u00fe"),
                    new Signature("UTF-16BE", "\u00fe\u00ff"),
                    new Signature("UTF-16LE", "{\0"),
                    new Signature("UTF-16BE", "\0{"),
                    new Signature("UTF-16LE", "[\0"),
                    new Signature("UTF-16BE", "\0["));

    List<Signature> FORMATS =
            List.of(
                    new Signature("an Arrow file", "ARROW1"),
                    new Signature("a Zstandard archive", "(\u00b5/\u00fd"),
                    new Signature("a zip archive", "PK\u0003\u0004"));

    Signature GZIP = new Signature("gzip", "\u001f\u008b");

    Signature PARQUET = new Signature("Parquet", "PAR1");

    /// A header of separated columns: bare or quoted words and nothing else.
    Pattern TABLE_HEADER =
            Pattern.compile("\"?[\\w .-]+\"?(?<separator>[,;\\t])\"?[\\w .-]+\"?([,;\\t].*)?\\s*");

    /// Looks at the beginning of the stream and leaves it where the text begins, after a byte order
    /// mark.
    ///
    /// @param path for the ending of its name, which says what a file is meant to be
    static Opening of(InputStream bytes, Path path) throws IOException {
        bytes.mark(HEAD_BYTES);
        byte[] head = bytes.readNBytes(HEAD_BYTES);
        bytes.reset();
        String latin1 = new String(head, StandardCharsets.ISO_8859_1);
        int start = latin1.startsWith(UTF8_MARK.bytes()) ? UTF8_MARK.bytes().length() : 0;
        bytes.skipNBytes(start);
        for (Signature encoding : ENCODINGS) {
            if (latin1.startsWith(encoding.bytes())) {
                return new Foreign(
                        RowProblem.file(
                                Code.INVALID_ENCODING,
                                new Place(1, 0),
                                "the file is " + encoding.format() + ", and only UTF-8 is read"));
            }
        }
        if (latin1.startsWith(PARQUET.bytes())) {
            return new Parquet();
        }
        if (path.toString().endsWith(".parquet")) {
            return new Foreign(
                    RowProblem.file(
                            Code.PARQUET_BAD_MAGIC,
                            Place.WHOLE_FILE,
                            "the file is named .parquet, and does not begin as one (PAR1)"));
        }
        for (Signature format : FORMATS) {
            if (latin1.startsWith(format.bytes())) {
                return foreign(format.format());
            }
        }
        String text = new String(head, start, head.length - start, StandardCharsets.UTF_8).strip();
        String firstLine = text.lines().findFirst().orElse("");
        Matcher header = TABLE_HEADER.matcher(firstLine);
        if (header.matches()) {
            return new Csv(header.group("separator").charAt(0));
        }
        if (!text.isEmpty() && !text.contains("{") && !text.contains("[")) {
            return foreign("neither JSON nor a table with a header");
        }
        if (firstLine.strip().equals("{")) {
            return foreign("a JSON object over several lines");
        }
        return beginsArrayOfObjects(text) ? new Array() : new Lines(start);
    }

    /// What a person calls it.
    default String words() {
        return switch (this) {
            case Lines _ -> "JSON lines";
            case Array _ -> "a JSON array";
            case Csv _ -> "CSV";
            case Parquet _ -> "Parquet";
            case Foreign _ -> "unknown";
        };
    }

    /// A line such as `[1, 2]` is a bad row of a file of lines, not the beginning of an array of
    /// rows.
    private static boolean beginsArrayOfObjects(String text) {
        String inside = text.startsWith("[") ? text.substring(1).stripLeading() : "";
        return inside.startsWith("{") || inside.startsWith("]");
    }

    private static Foreign foreign(String format) {
        return new Foreign(
                RowProblem.file(
                        Code.UNSUPPORTED_FORMAT,
                        Place.WHOLE_FILE,
                        "this is "
                                + format
                                + ", and only JSON lines, JSON arrays, CSV and Parquet are read"));
    }
}
