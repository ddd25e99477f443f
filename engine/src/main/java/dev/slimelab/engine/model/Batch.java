package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows laid out side by side for the kernels, padded on the right to the longest.
///
/// Positions of all rows are numbered through, row by row; completion tokens likewise, row by row
/// and completion by completion.
final class Batch {
    private static final int PROMPT = 0;
    private static final int PADDING = -1;

    final int rows;
    final int length;

    /// (rows * length) token ids; 0 where padded.
    final long[] ids;

    /// (rows * length) position numbers; completions restart at the prompt's end.
    final long[] positions;

    /// (rows * length) 0 for the prompt, 1.. for completions, -1 for padding.
    final long[] segments;

    /// For each row: the first of its positions.
    final List<Long> starts = new ArrayList<>();

    /// For each row: the position after its last.
    final List<Long> ends = new ArrayList<>();

    /// For each completion token: the position that predicts it.
    final long[] predictors;

    /// For each completion token: the position it stands at.
    final long[] places;

    /// For each completion token: its id.
    final long[] labels;

    /// Tokens of each completion of each row.
    final int[][] counts;

    Batch(List<Row> rowList, ModelConfig config) {
        if (rowList.isEmpty()) {
            throw Problem.badRequest("A batch has no rows.", "Give at least one.");
        }
        rows = rowList.size();
        length = rowList.stream().mapToInt(Row::length).max().orElseThrow();
        ids = new long[rows * length];
        positions = new long[rows * length];
        segments = new long[rows * length];
        Arrays.fill(segments, PADDING);
        counts =
                rowList.stream()
                        .map(row -> row.completions().stream().mapToInt(c -> c.length).toArray())
                        .toArray(int[][]::new);
        int tokens = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
        predictors = new long[tokens];
        places = new long[tokens];
        labels = new long[tokens];
        int token = 0;
        for (int r = 0; r < rows; r++) {
            check(rowList.get(r), config);
            starts.add((long) r * length);
            ends.add((long) r * length + rowList.get(r).length());
            token = lay(rowList.get(r), r * length, token);
        }
    }

    /// Completion tokens of the whole batch.
    int tokens() {
        return labels.length;
    }

    /// Per-token values as (row, completion, token).
    double[][][] split(double[] flat) {
        double[][][] split = new double[rows][][];
        int at = 0;
        for (int r = 0; r < rows; r++) {
            split[r] = new double[counts[r].length][];
            for (int c = 0; c < counts[r].length; c++) {
                split[r][c] = Arrays.copyOfRange(flat, at, at + counts[r][c]);
                at += counts[r][c];
            }
        }
        return split;
    }

    /// The inverse of [#split].
    double[] join(double[][][] split) {
        double[] flat = new double[tokens()];
        int at = 0;
        for (int r = 0; r < rows; r++) {
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
        return flat;
    }

    private int lay(Row row, int start, int firstToken) {
        int[] prompt = row.prompt();
        int at = start;
        for (int i = 0; i < prompt.length; i++, at++) {
            ids[at] = prompt[i];
            positions[at] = i;
            segments[at] = PROMPT;
        }
        int endOfPrompt = at - 1;
        int token = firstToken;
        for (int c = 0; c < row.completions().size(); c++) {
            int[] completion = row.completions().get(c);
            for (int i = 0; i < completion.length; i++, at++, token++) {
                ids[at] = completion[i];
                positions[at] = (long) prompt.length + i;
                segments[at] = 1L + c;
                predictors[token] = i == 0 ? endOfPrompt : at - 1;
                places[token] = at;
                labels[token] = completion[i];
            }
        }
        return token;
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
