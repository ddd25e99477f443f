package dev.slimelab.engine;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowPage;
import dev.slimelab.engine.data.RowPage.ShownRow;
import dev.slimelab.engine.data.RowPage.Token;
import dev.slimelab.engine.data.RowProblem;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Rows for people, as lines, and for programs, as one JSON object with the same facts.
record ShownRows(RowPage page) {
    private static final String RESET = "\u001b[0m";
    private static final String DIM = "\u001b[2m";

    /// Backgrounds that alternate, so that the ends of tokens show.
    private static final List<String> SHADES = List.of("\u001b[44m", "\u001b[45m");

    /// Names and nesting as docs/data.md lists them.
    String json() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", page.recognition().format().key());
        facts.put("kind", page.recognition().kind().words());
        facts.put("rows", page.rows().stream().map(ShownRows::facts).toList());
        facts.put("next", page.next());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(facts);
    }

    static Map<String, Object> facts(ShownRow row) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("number", row.number());
        facts.putAll(place(row.place()));
        facts.putAll(sides(row.prompt(), row.chosen(), row.rejected()));
        facts.put("chosenCut", row.chosenCut());
        facts.put("rejectedCut", row.rejectedCut());
        facts.put(
                "problems",
                row.problems().stream()
                        .map(
                                problem -> {
                                    Map<String, Object> each = new LinkedHashMap<>();
                                    each.put("code", problem.code().key());
                                    each.put("dropped", problem.severity().drops());
                                    each.putAll(problem(problem));
                                    return each;
                                })
                        .toList());
        facts.put("raw", row.raw());
        return facts;
    }

    static Map<String, Object> sides(Object prompt, Object chosen, Object rejected) {
        Map<String, Object> sides = new LinkedHashMap<>();
        sides.put("prompt", prompt);
        sides.put("chosen", chosen);
        sides.put("rejected", rejected);
        return sides;
    }

    static Map<String, Object> problem(RowProblem problem) {
        Map<String, Object> facts = place(problem.place());
        facts.put("field", problem.field());
        facts.put("message", problem.message());
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
        List<String> lines = new ArrayList<>();
        lines.add("Read as " + page.recognition().words() + ".");
        page.rows().forEach(row -> lines.addAll(lines(row, colours)));
        lines.add("");
        lines.add(page.next() == null ? "No more rows." : "Next: --from " + page.next());
        return lines;
    }

    static List<String> lines(ShownRow row, boolean colours) {
        List<String> lines = new ArrayList<>(List.of(""));
        String place = row.place().words();
        for (RowProblem problem : row.problems()) {
            lines.add(
                    "%s, %s, %s: %s"
                            .formatted(
                                    place,
                                    problem.severity().drops() ? "left out" : "noted",
                                    problem.code().key(),
                                    problem.message()));
        }
        if (row.chosen().isEmpty()) {
            if (!row.raw().isEmpty()) {
                lines.add("  " + row.raw());
            }
            return lines;
        }
        lines.add(place + ", prompt; the loss does not count it:");
        lines.addAll(tokens(row.prompt(), colours));
        lines.add(heading("chosen", row.chosen(), row.chosenCut()));
        lines.addAll(tokens(row.chosen(), colours));
        if (!row.rejected().isEmpty()) {
            lines.add(heading("rejected", row.rejected(), row.rejectedCut()));
            lines.addAll(tokens(row.rejected(), colours));
        }
        return lines;
    }

    private static String heading(String side, List<Token> tokens, int cut) {
        return "%s, %,d tokens%s:"
                .formatted(
                        side,
                        tokens.size(),
                        cut == 0 ? "" : String.format(Locale.ROOT, "; %,d more are cut", cut));
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
