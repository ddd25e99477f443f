package dev.slimelab.engine;

import dev.slimelab.engine.data.DataInspection;
import dev.slimelab.engine.data.DataInspection.ShownRow;
import dev.slimelab.engine.data.DataInspection.Token;
import dev.slimelab.engine.data.DataReport;
import dev.slimelab.engine.data.DataReport.Cut;
import dev.slimelab.engine.data.DataReport.Finding;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem;
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
    private static final String RESET = "\u001b[0m";
    private static final String DIM = "\u001b[2m";

    /// Backgrounds that alternate, so that the ends of tokens show.
    private static final List<String> SHADES = List.of("\u001b[44m", "\u001b[45m");

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
        page.put("conversational", report.recognition().conversational());
        page.put("kind", report.recognition().kind().words());
        page.put("rows", report.rows());
        page.put("kept", report.kept());
        page.put("dropped", report.dropped());
        COUNTS.forEach((name, code) -> page.put(name, report.count(code)));
        page.put("findings", report.findings().stream().map(DataPage::finding).toList());
        page.put("tokens", sides(inspection.prompt(), inspection.chosen(), inspection.rejected()));
        Map<String, Object> truncation = new LinkedHashMap<>();
        truncation.put("maxLength", maxLength);
        truncation.put("promptTooLong", report.count(Code.TRUNCATED_TO_NOTHING));
        truncation.put("chosen", report.chosenCut());
        truncation.put("rejected", report.rejectedCut());
        page.put("truncation", truncation);
        page.put("shown", inspection.shown().stream().map(DataPage::shown).toList());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(page);
    }

    private static Map<String, Object> sides(Object prompt, Object chosen, Object rejected) {
        Map<String, Object> sides = new LinkedHashMap<>();
        sides.put("prompt", prompt);
        sides.put("chosen", chosen);
        sides.put("rejected", rejected);
        return sides;
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("code", finding.code().key());
        facts.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        facts.put("dropped", finding.severity().drops());
        facts.put("count", finding.count());
        facts.put("remedy", finding.code().remedy());
        facts.put("first", finding.first().stream().map(DataPage::problem).toList());
        return facts;
    }

    private static Map<String, Object> problem(RowProblem problem) {
        Map<String, Object> facts = place(problem.place());
        facts.put("field", problem.field());
        facts.put("message", problem.message());
        return facts;
    }

    private static Map<String, Object> shown(ShownRow row) {
        Map<String, Object> facts = place(row.place());
        facts.putAll(sides(row.prompt(), row.chosen(), row.rejected()));
        return facts;
    }

    private static Map<String, Object> place(Place place) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("shard", place.shard());
        facts.put("line", place.line());
        facts.put("row", place.row());
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
        for (ShownRow row : inspection.shown()) {
            lines.add("");
            lines.add(row.place().words() + ", prompt; the loss does not count it:");
            lines.addAll(tokens(row.prompt(), colours));
            lines.add("chosen, %,d tokens:".formatted(row.chosen().size()));
            lines.addAll(tokens(row.chosen(), colours));
            if (!row.rejected().isEmpty()) {
                lines.add("rejected, %,d tokens:".formatted(row.rejected().size()));
                lines.addAll(tokens(row.rejected(), colours));
            }
        }
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

    /// Tokens on shaded backgrounds, those outside the loss dim; without colours between bars, with
    /// the mask as `+` or `-` in front.
    private static List<String> tokens(List<Token> tokens, boolean colours) {
        var text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            String shown = token.text().replace("\n", "\\n").replace("\r", "\\r");
            if (colours) {
                text.append(token.trained() ? SHADES.get(i % SHADES.size()) : DIM)
                        .append(shown)
                        .append(RESET);
            } else {
                text.append(i == 0 ? token.trained() ? "+ " : "- " : "|").append(shown);
            }
            if (token.text().endsWith("\n")) {
                text.append('\n');
            }
        }
        return text.toString().lines().map(line -> "  " + line).toList();
    }
}
