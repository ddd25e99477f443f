package dev.slimelab.app.demo;

import dev.slimelab.app.plot.RecordedRun;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The result of the demonstration as lines of text.
final class DemoTable {
    private record Column(String title, String format, ToDoubleFunction<RecordedRun> value) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("Δ chosen", "%+.3f", run -> run.last("logps_delta/chosen")),
                    new Column("Δ rejected", "%+.3f", run -> run.last("logps_delta/rejected")),
                    new Column("margin", "%.2f", run -> run.last("probe/margin")),
                    new Column(
                            "tail %", "%.1f", run -> 100 * run.last("probe/rejected_below_e-10")),
                    new Column("greedy", "%.2f", run -> run.last("score/greedy")),
                    new Column("form", "%.2f", run -> run.last("score/greedy_form")),
                    new Column("exact", "%.2f", run -> run.last("score/greedy_exact")),
                    new Column("T=1", "%.2f", run -> run.last("score/sampled")),
                    new Column("seconds", "%.0f", run -> run.last("time")));

    private static final String EXPLANATION =
            """
            Δ chosen, Δ rejected: change of the mean log-likelihood on 96 held-out pairs, nat per token.
            margin: chosen − rejected, nat per token.  tail: rejected tokens with a probability below e^−10.
            greedy, T=1: programmatic score 0 to 10 of answers to 240 held-out prompts; form, exact: of the greedy answers.
            SLIME stays intact at a step size that breaks DPO and SimPO; it does not raise quality above the start here,
            and its sampled answers (T=1) get worse than the start's. More supervised training on the chosen answers beats
            every preference loss on this corpus, because its chosen answers are perfect by construction.""";

    private DemoTable() {}

    static String of(List<RecordedRun> runs) {
        int names = runs.stream().mapToInt(run -> run.name().length()).max().orElse(3);
        StringBuilder text = new StringBuilder(cell("run", -names));
        COLUMNS.forEach(column -> text.append(cell(column.title(), 12)));
        text.append('\n').append(cell("start", -names));
        RecordedRun any = runs.getFirst();
        text.append(cell("0", 12)).append(cell("0", 12));
        text.append(cell(number("%.2f", any.first("probe/margin")), 12));
        text.append(cell(number("%.1f", 100 * any.first("probe/rejected_below_e-10")), 12));
        for (String key :
                List.of(
                        "score/greedy",
                        "score/greedy_form",
                        "score/greedy_exact",
                        "score/sampled")) {
            text.append(cell(number("%.2f", any.first(key)), 12));
        }
        for (RecordedRun run : runs) {
            text.append('\n').append(cell(run.name(), -names));
            COLUMNS.forEach(
                    column ->
                            text.append(
                                    cell(
                                            number(
                                                    column.format(),
                                                    column.value().applyAsDouble(run)),
                                            12)));
        }
        return text.append("\n\n").append(EXPLANATION).append('\n').toString();
    }

    private static String number(String format, double value) {
        return Double.isNaN(value)
                ? "–"
                : String.format(Locale.ROOT, format, value).replace('-', '−');
    }

    private static String cell(String text, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", text);
    }
}
