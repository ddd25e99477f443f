package dev.slimelab.engine.model;

import dev.slimelab.engine.model.PassOptions.Scored;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Rows laid out for the kernels: one after another, without padding and without seeing each other.
///
/// Positions are numbered through; scored tokens too, wherever their rows lie: first the
/// completions' tokens, row by row and completion by completion, then, where prompts are scored,
/// the prompts' tokens after their first, row by row. That order holds also where prompts are not
/// shared and each completion has a copy of its prompt before it.
final class Batch {
    /// Segment numbers from one row to the next; the kernel `attention_mask` knows it.
    private static final long SEGMENTS_PER_ROW = 1L << 20;

    /// As laid out.
    final List<Row> rows;

    /// For each row: the first of its positions.
    final List<Long> starts = new ArrayList<>();

    /// For each row: the position after its last.
    final List<Long> ends = new ArrayList<>();

    /// For each position: its token's id.
    final long[] ids;

    /// For each position: its number; rows start at 0, completions at their prompt's end.
    final long[] positions;

    /// For each position: 0 for the prompt of the first row, 1.. for its completions, 2^20 more for
    /// each further row.
    final long[] segments;

    /// For each scored token: the position that predicts it.
    final long[] predictors;

    /// For each scored token: the position it stands at.
    final long[] places;

    /// For each scored token: its id.
    final long[] labels;

    /// Tokens of each completion of each row that was given.
    final int[][] counts;

    /// Scored tokens of the prompt of each row that was given.
    private final int[] promptCounts;

    Batch(List<Row> given, ModelConfig config, Scored scored, Set<Shortcut> shortcuts) {
        if (given.isEmpty()) {
            throw Problem.badRequest("A batch has no rows.", "Give at least one.");
        }
        boolean shared = shortcuts.contains(Shortcut.SHARED_PROMPTS);
        rows = shared ? List.copyOf(given) : given.stream().flatMap(Batch::apart).toList();
        int length = rows.stream().mapToInt(Row::length).sum();
        ids = new long[length];
        positions = new long[length];
        segments = new long[length];
        counts =
                given.stream()
                        .map(row -> row.completions().stream().mapToInt(c -> c.length).toArray())
                        .toArray(int[][]::new);
        promptCounts =
                given.stream()
                        .mapToInt(
                                row ->
                                        switch (scored) {
                                            case COMPLETIONS -> 0;
                                            case PROMPTS_TOO -> row.prompt().length - 1;
                                        })
                        .toArray();
        int tokens = completionTokens() + Arrays.stream(promptCounts).sum();
        predictors = new long[tokens];
        places = new long[tokens];
        labels = new long[tokens];
        int token = 0;
        int start = 0;
        for (int r = 0; r < rows.size(); r++) {
            check(rows.get(r), config);
            token = lay(rows.get(r), r * SEGMENTS_PER_ROW, start, token);
            starts.add((long) start);
            start += rows.get(r).length();
            ends.add((long) start);
        }
        int laid = 0;
        for (int r = 0; r < given.size(); r++) {
            int first = Math.toIntExact(starts.get(laid));
            token = scorePrompt(given.get(r), first, promptCounts[r], token);
            laid += shared ? 1 : counts[r].length;
        }
    }

    /// A row for each completion.
    private static Stream<Row> apart(Row row) {
        return row.completions().stream().map(each -> new Row(row.prompt(), List.of(each)));
    }

    /// Scored tokens of the whole batch.
    int tokens() {
        return labels.length;
    }

    private int completionTokens() {
        return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
    }

    /// The scored prompt tokens' values as (row, token).
    double[][] splitPrompts(double[] flat) {
        double[][] split = new double[promptCounts.length][];
        int at = completionTokens();
        for (int r = 0; r < split.length; r++) {
            split[r] = Arrays.copyOfRange(flat, at, at + promptCounts[r]);
            at += promptCounts[r];
        }
        return split;
    }

    /// The completion tokens' values as (row, completion, token).
    double[][][] split(double[] flat) {
        double[][][] split = new double[counts.length][][];
        int at = 0;
        for (int r = 0; r < counts.length; r++) {
            split[r] = new double[counts[r].length][];
            for (int c = 0; c < counts[r].length; c++) {
                split[r][c] = Arrays.copyOfRange(flat, at, at + counts[r][c]);
                at += counts[r][c];
            }
        }
        return split;
    }

    /// The inverse of [#split] and [#splitPrompts].
    ///
    /// @param prompts null for zeros
    double[] join(double[][][] split, double @Nullable [][] prompts) {
        double[] flat = new double[tokens()];
        int at = 0;
        for (int r = 0; r < counts.length; r++) {
            for (int c = 0; c < counts[r].length; c++) {
                double[] values = split[r][c];
                if (values.length != counts[r][c]) {
                    throw new IllegalArgumentException(
                            "Row %d, completion %d has %d tokens, but %d values came"
                                    .formatted(r, c, counts[r][c], values.length));
                }
                System.arraycopy(values, 0, flat, at, values.length);
                at += values.length;
            }
        }
        for (int r = 0; prompts != null && r < promptCounts.length; r++) {
            if (prompts[r].length != promptCounts[r]) {
                throw new IllegalArgumentException(
                        "The prompt of row %d has %d scored tokens, but %d values came"
                                .formatted(r, promptCounts[r], prompts[r].length));
            }
            System.arraycopy(prompts[r], 0, flat, at, prompts[r].length);
            at += prompts[r].length;
        }
        return flat;
    }

    private int lay(Row row, long promptSegment, int start, int firstToken) {
        int[] prompt = row.prompt();
        int at = start;
        for (int i = 0; i < prompt.length; i++, at++) {
            ids[at] = prompt[i];
            positions[at] = i;
            segments[at] = promptSegment;
        }
        int endOfPrompt = at - 1;
        int token = firstToken;
        for (int c = 0; c < row.completions().size(); c++) {
            int[] completion = row.completions().get(c);
            for (int i = 0; i < completion.length; i++, at++, token++) {
                ids[at] = completion[i];
                positions[at] = (long) prompt.length + i;
                segments[at] = promptSegment + 1 + c;
                predictors[token] = i == 0 ? endOfPrompt : at - 1;
                places[token] = at;
                labels[token] = completion[i];
            }
        }
        return token;
    }

    private int scorePrompt(Row row, int start, int scoredTokens, int firstToken) {
        for (int i = 1; i <= scoredTokens; i++) {
            int token = firstToken + i - 1;
            predictors[token] = start + i - 1L;
            places[token] = (long) start + i;
            labels[token] = row.prompt()[i];
        }
        return firstToken + scoredTokens;
    }

    private static void check(Row row, ModelConfig config) {
        checkIds(row.prompt(), config.vocabSize());
        row.completions().forEach(completion -> checkIds(completion, config.vocabSize()));
        if (row.reach() > config.maxPositions()) {
            throw Problem.badRequest(
                    "A row reaches position %d, but the model has %d positions."
                            .formatted(row.reach(), config.maxPositions()),
                    "Set a smaller maximum length.");
        }
    }

    static void checkIds(int[] ids, int vocabulary) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw Problem.badRequest(
                        "Token id %d is not in the model's vocabulary of %d."
                                .formatted(id, vocabulary),
                        "Use the tokenizer that belongs to the model.");
            }
        }
    }
}
