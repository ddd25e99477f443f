package dev.slimelab.app.playground;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.playground.Answer.Phase;
import dev.slimelab.app.playground.PlayColumn.Fact;
import dev.slimelab.app.playground.PlayColumn.Shown;
import dev.slimelab.app.playground.PlaygroundViewModel.Face;
import dev.slimelab.app.token.Legend;
import dev.slimelab.app.token.TokenPicture;
import dev.slimelab.app.token.TokenPicture.Cell;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From which side the columns are looked at: what each of them shows then.
///
/// @param writer the column whose answer all show; [PlaygroundViewModel#OWN] where each shows its
///   own
/// @param difference whether shades tell differences from the first column
record Reading(int writer, boolean difference, Face face) {
    private static final Legend DIFFERENCE =
            Legend.difference(
                    "log-prob against A, nat: blue more likely than under A, orange less");

    /// How a model reads an answer.
    ///
    /// @param echoed what the server says to prompt and answer together
    /// @param letter of the column that has written the answer
    /// @return as if the model had written it
    static Answer of(Answer written, Answer echoed, String letter) {
        if (!echoed.phase().isWhole()) {
            return echoed;
        }
        int prompt = written.prompt().size();
        List<PlayedToken> tokens = echoed.tokens().subList(prompt, echoed.tokens().size());
        if (!texts(tokens).equals(texts(written.tokens()))) {
            return Answer.failed(
                    Problem.badRequest(
                            "This model cuts texts into other tokens than the one of "
                                    + letter
                                    + ".",
                            "Only models with one tokenizer can be compared token by token."));
        }
        return new Answer(
                written.phase(), written.prompt(), tokens, written.text(), Double.NaN, null);
    }

    private static List<String> texts(List<PlayedToken> tokens) {
        return tokens.stream().map(PlayedToken::text).toList();
    }

    /// What the shades mean.
    Legend legend() {
        return compares() ? DIFFERENCE : Legend.LOGP;
    }

    private boolean compares() {
        return writer != PlaygroundViewModel.OWN && difference;
    }

    Shown shown(List<PlayColumn> columns, int index) {
        PlayColumn column = columns.get(index);
        Answer answer = read(columns, index);
        if (answer == null || answer.tokens().isEmpty()) {
            Problem problem = answer == null ? null : answer.problem();
            return new Shown(
                    null,
                    problem == null
                            ? waiting(column, answer)
                            : (problem.what() + " " + problem.remedy()).strip(),
                    problem != null,
                    List.of());
        }
        Answer first = index == 0 ? null : read(columns, 0);
        List<PlayedToken> under =
                writer == PlaygroundViewModel.OWN || first == null ? List.of() : first.tokens();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < answer.tokens().size(); i++) {
            cells.add(cell(answer.tokens().get(i), i < under.size() ? under.get(i) : null));
        }
        Problem problem = answer.problem();
        return new Shown(
                new TokenPicture(List.of(new TokenPicture.Answer("", cells)), legend()),
                problem == null ? "" : problem.what() + " " + problem.remedy(),
                problem != null,
                facts(answer, under));
    }

    /// The text that a column shows, with its own model's numbers.
    private @Nullable Answer read(List<PlayColumn> columns, int index) {
        PlayColumn column = columns.get(index);
        return writer == PlaygroundViewModel.OWN || writer == index
                ? column.answer()
                : column.reading();
    }

    private String waiting(PlayColumn column, @Nullable Answer answer) {
        PlayColumn.Choice choice = column.choice().get();
        if (choice.source() == null) {
            return "Choose a run or a model folder.";
        }
        if (choice.state() == null) {
            return "There is nothing to play in this folder.";
        }
        return switch (answer == null ? Phase.NONE : answer.phase()) {
            case WAITING ->
                    face == Face.OPENING
                            ? "Opening the models…"
                            : writer == PlaygroundViewModel.OWN
                                    ? "Reading the prompt…"
                                    : "Reading the answer of "
                                            + PlaygroundViewModel.letter(writer)
                                            + "…";
            case STOPPED -> "Stopped before the first token.";
            case NONE, WRITING, ENDED, CUT, FAILED -> "Generate lets this model write.";
        };
    }

    /// @param under the same token under the first column's model; null where that is not compared
    private Cell cell(PlayedToken token, @Nullable PlayedToken under) {
        Map<String, String> facts = new LinkedHashMap<>(Cell.logp(token.logp()));
        double change = under == null ? Double.NaN : token.logp() - under.logp();
        if (under != null) {
            facts.put("against A", Numbers.change(change, 3) + " nat");
        }
        token.likeliest().stream()
                .filter(other -> !other.text().equals(token.text()))
                .limit(Round.LIKELIEST)
                .forEach(
                        other ->
                                facts.put(
                                        "or “" + Cell.visible(other.text()) + "”",
                                        Cell.probability(other.logp())));
        return new Cell(token.text(), compares() ? change : token.logp(), facts);
    }

    private List<Fact> facts(Answer answer, List<PlayedToken> under) {
        List<Fact> facts = new ArrayList<>();
        facts.add(
                new Fact(
                        Numbers.fixed(sum(answer.tokens()) / answer.tokens().size(), 3),
                        "nat per token"));
        if (under.size() == answer.tokens().size()) {
            facts.add(
                    new Fact(
                            Numbers.change(sum(answer.tokens()) - sum(under), 2),
                            "nat in all against A"));
        }
        facts.add(new Fact(Numbers.fixed(answer.tokens().size(), 0), "tokens"));
        if (!Double.isNaN(answer.tokensPerSecond())) {
            facts.add(new Fact(Numbers.fixed(answer.tokensPerSecond(), 0), "tokens/s"));
        }
        switch (answer.phase()) {
            case ENDED -> facts.add(new Fact("", "ended by its end token"));
            case CUT -> facts.add(new Fact("", "cut at max_tokens"));
            case STOPPED -> facts.add(new Fact("", "stopped"));
            case NONE, WAITING, WRITING, FAILED -> {} // not at an end, or said otherwise
        }
        return facts;
    }

    private static double sum(List<PlayedToken> tokens) {
        return tokens.stream().mapToDouble(PlayedToken::logp).sum();
    }
}
