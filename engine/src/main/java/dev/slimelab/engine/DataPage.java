package dev.slimelab.engine;

import dev.slimelab.engine.data.DataInspection;
import dev.slimelab.engine.data.DataReport;
import dev.slimelab.engine.data.DataReport.Cut;
import dev.slimelab.engine.data.DataReport.Finding;
import dev.slimelab.engine.data.RowFormat;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;
import dev.slimelab.engine.data.TokenLengths;
import dev.slimelab.engine.data.TokenLengths.Bucket;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An inspection for people, as lines, and for programs, as one JSON object with the same facts.
///
/// @param maxLength tokens of prompt and completion that were allowed
record DataPage(DataInspection inspection, int maxLength) {
    private static final int BAR = 40;

    /// Counts that deserve a name of their own in the JSON.
    private static final Map<String, Code> COUNTS = counts();

    private static Map<String, Code> counts() {
        Map<String, Code> counts = new LinkedHashMap<>();
        counts.put("duplicates", Code.DUPLICATE_ROW);
        counts.put("contradictions", Code.CONTRADICTORY_PAIR);
        counts.put("ties", Code.TIE);
        counts.put("prefixMismatches", Code.PREFIX_MISMATCH);
        counts.put("doubledBos", Code.DOUBLED_BOS);
        counts.put("doubledEos", Code.DOUBLED_EOS);
        return counts;
    }

    /// Names and nesting as docs/data.md lists them.
    String json() {
        DataReport report = inspection.report();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("source", report.source());
        page.put("sha256", report.sha256());
        page.put("container", report.recognition().container());
        page.put("format", report.recognition().format().key());
        page.put("formats", RowFormat.all().stream().map(RowFormat::key).toList());
        page.put("conversational", report.recognition().conversational());
        page.put("kind", report.recognition().kind().words());
        page.put("rows", report.rows());
        page.put("kept", report.kept());
        page.put("dropped", report.dropped());
        COUNTS.forEach((name, code) -> page.put(name, report.count(code)));
        page.put("findings", report.findings().stream().map(DataPage::finding).toList());
        page.put(
                "tokens",
                ShownRows.sides(inspection.prompt(), inspection.chosen(), inspection.rejected()));
        Map<String, Object> truncation = new LinkedHashMap<>();
        truncation.put("maxLength", maxLength);
        truncation.put("promptTooLong", report.count(Code.TRUNCATED_TO_NOTHING));
        truncation.put("chosen", report.chosenCut());
        truncation.put("rejected", report.rejectedCut());
        page.put("truncation", truncation);
        page.put("shown", inspection.shown().stream().map(ShownRows::facts).toList());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(page);
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("code", finding.code().key());
        facts.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        facts.put("dropped", finding.severity().drops());
        facts.put("count", finding.count());
        facts.put("remedy", finding.first().getFirst().remedy());
        facts.put("first", finding.first().stream().map(ShownRows::problem).toList());
        return facts;
    }

    /// @param colours whether escape sequences of a terminal may be used
    List<String> lines(boolean colours) {
        DataReport report = inspection.report();
        List<String> lines = new ArrayList<>(report.sentences());
        int malformed =
                report.findings().stream()
                        .filter(finding -> finding.severity() == Severity.MALFORMED)
                        .mapToInt(Finding::count)
                        .sum();
        if (malformed > 0) {
            lines.add("A run refuses such a file unless data.onBadRow is \"drop\".");
        }
        addLengths(lines, "prompt", inspection.prompt());
        addLengths(lines, "chosen", inspection.chosen());
        addLengths(lines, "rejected", inspection.rejected());
        lines.add("");
        lines.add(
                "Of %,d tokens: prompts that leave no room: %,d; cut: %s, %s."
                        .formatted(
                                maxLength,
                                report.count(Code.TRUNCATED_TO_NOTHING),
                                cut("chosen", report.chosenCut()),
                                cut("rejected", report.rejectedCut())));
        inspection.shown().forEach(row -> lines.addAll(ShownRows.lines(row, colours)));
        return lines;
    }

    private static String cut(String side, Cut cut) {
        return "%s in %,d rows by %,d tokens".formatted(side, cut.rows(), cut.tokens());
    }

    private static void addLengths(List<String> lines, String side, TokenLengths lengths) {
        if (lengths.rows() == 0) {
            return;
        }
        lines.add("");
        lines.add(
                "%s: %,d to %,d tokens, median %,d, 95 %% up to %,d"
                        .formatted(
                                side,
                                lengths.shortest(),
                                lengths.longest(),
                                lengths.median(),
                                lengths.p95()));
        int most = lengths.histogram().stream().mapToInt(Bucket::rows).max().orElse(1);
        for (Bucket bucket : lengths.histogram()) {
            String bar = "#".repeat(Math.ceilDiv(bucket.rows() * BAR, Math.max(1, most)));
            lines.add("  %,7d  %-40s %,d".formatted(bucket.from(), bar, bucket.rows()));
        }
    }
}
