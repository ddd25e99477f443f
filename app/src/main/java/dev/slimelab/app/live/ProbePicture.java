package dev.slimelab.app.live;

import dev.slimelab.app.live.TokenFiles.Facts;
import dev.slimelab.app.live.TokenFiles.Pair;
import dev.slimelab.app.live.TokenFiles.PerToken;
import dev.slimelab.app.live.TokenFiles.Side;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.token.Legend;
import dev.slimelab.app.token.TokenPicture;
import dev.slimelab.app.token.TokenPicture.Answer;
import dev.slimelab.app.token.TokenPicture.Cell;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A probe pair after a number of steps, token by token.
record ProbePicture(String prompt, TokenPicture tokens) {
    /// What shades tell.
    ///
    /// @param name for a list of choices
    record Quantity(Kind kind, @Nullable String term, String name) {
        enum Kind {
            /// log π of the token.
            LOGP,
            /// The same minus that at step 0.
            CHANGE,
            /// The same minus that of the reference model.
            REFERENCE,
            /// −∂L/∂logp of one term, or of all where there is no term: where descent pushes it.
            PUSH
        }

        static final Quantity LOGP = new Quantity(Kind.LOGP, null, "log-prob");
        static final Quantity CHANGE = new Quantity(Kind.CHANGE, null, "change since step 0");

        /// What can be shown of a run, by what its files hold.
        static List<Quantity> of(Facts facts) {
            List<Quantity> all = new ArrayList<>(List.of(LOGP, CHANGE));
            if (facts.reference() != null) {
                all.add(new Quantity(Kind.REFERENCE, null, "against the reference"));
            }
            if (facts.gradients().size() > 1) {
                all.add(new Quantity(Kind.PUSH, null, "push of all terms"));
            }
            facts.gradients()
                    .keySet()
                    .forEach(term -> all.add(new Quantity(Kind.PUSH, term, "push of " + term)));
            return all;
        }
    }

    /// @param start the facts at step 0, null where they are not known
    static ProbePicture of(
            List<Pair> pairs, int index, Facts facts, @Nullable Facts start, Quantity quantity) {
        Pair pair = pairs.get(index);
        List<Answer> answers = new ArrayList<>();
        for (Side side : Side.values()) {
            List<Double> logps = facts.logps().of(index, side);
            if (logps.isEmpty()) {
                continue;
            }
            List<Cell> cells = new ArrayList<>();
            for (int token = 0; token < logps.size(); token++) {
                Place place = new Place(index, side, token);
                cells.add(
                        new Cell(
                                text(pair.tokens(side), token),
                                place.value(quantity, facts, start),
                                place.facts(facts, start)));
            }
            answers.add(new Answer(title(side, logps), cells));
        }
        return new ProbePicture(
                pair.prompt(), new TokenPicture(answers, legend(facts, index, quantity)));
    }

    private static Legend legend(Facts facts, int index, Quantity quantity) {
        return switch (quantity.kind()) {
            case LOGP -> Legend.LOGP;
            case CHANGE ->
                    Legend.difference("change since step 0, nat: blue more likely, orange less");
            case REFERENCE ->
                    Legend.difference(
                            "policy against reference, nat: blue more likely, orange less");
            case PUSH ->
                    new Legend(
                            Legend.Scale.PUSH,
                            "−∂L/∂logp: blue is pushed up, orange down",
                            largest(facts, index, quantity));
        };
    }

    private static String title(Side side, List<Double> logps) {
        double mean = logps.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return side.word()
                + " answer · "
                + Numbers.fixed(logps.size(), 0)
                + " tokens · mean log-prob "
                + Numbers.fixed(mean, 3)
                + " nat per token";
    }

    private static String text(List<String> tokens, int token) {
        return token < tokens.size() ? tokens.get(token) : "";
    }

    /// 1, 2 or 5 times a power of ten, not below any push of the pair.
    private static double largest(Facts facts, int index, Quantity quantity) {
        double largest = 0;
        for (Side side : Side.values()) {
            for (int token = 0; token < facts.logps().of(index, side).size(); token++) {
                double push = new Place(index, side, token).push(facts, quantity.term());
                largest = Math.max(largest, Math.abs(push));
            }
        }
        if (largest == 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(largest)));
        double lead = largest / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    /// Where a token stands in the files.
    private record Place(int pair, Side side, int token) {
        double value(Quantity quantity, Facts facts, @Nullable Facts start) {
            double logp = at(facts.logps());
            return switch (quantity.kind()) {
                case LOGP -> logp;
                case CHANGE -> start == null ? Double.NaN : logp - at(start.logps());
                case REFERENCE -> logp - at(facts.reference());
                case PUSH -> push(facts, quantity.term());
            };
        }

        double push(Facts facts, @Nullable String term) {
            return -facts.gradients().entrySet().stream()
                    .filter(entry -> term == null || entry.getKey().equals(term))
                    .mapToDouble(entry -> at(entry.getValue()))
                    .sum();
        }

        Map<String, String> facts(Facts facts, @Nullable Facts start) {
            Map<String, String> lines = new LinkedHashMap<>();
            double logp = at(facts.logps());
            lines.putAll(Cell.logp(logp));
            if (start != null) {
                lines.put("since step 0", Numbers.change(logp - at(start.logps()), 3) + " nat");
            }
            if (facts.reference() != null) {
                lines.put(
                        "against the reference",
                        Numbers.change(logp - at(facts.reference()), 3) + " nat");
            }
            facts.gradients()
                    .keySet()
                    .forEach(
                            term ->
                                    lines.put(
                                            "push of " + term,
                                            Numbers.significant(push(facts, term), 3)));
            return lines;
        }

        private double at(@Nullable PerToken numbers) {
            List<Double> answer = numbers == null ? List.of() : numbers.of(pair, side);
            return token < answer.size() ? answer.get(token) : Double.NaN;
        }
    }
}
