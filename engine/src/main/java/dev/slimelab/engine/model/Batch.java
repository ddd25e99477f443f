package dev.slimelab.engine.model;

import dev.slimelab.engine.model.PassOptions.Scored;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Rows laid out in lines for the kernels, each line padded on the right to the longest.
///
/// A line holds one row, or, packed, several one after another that do not see each other.
/// Positions of all lines are numbered through; scored tokens too, wherever their rows lie: first
/// the completions' tokens, row by row and completion by completion, then, where prompts are
/// scored, the prompts' tokens after their first, row by row.
final class Batch {
    private static final int PADDING = -1;

    /// Segment numbers from one row of a line to the next; the kernel `attention_mask` knows it.
    private static final long SEGMENTS_PER_ROW = 1L << 20;

    final int lines;
    final int length;

    /// (lines * length) token ids; 0 where padded.
    final long[] ids;

    /// (lines * length) position numbers; rows start at 0, completions at their prompt's end.
    final long[] positions;

    /// (lines * length) 0 for the prompt of a line's first row, 1.. for its completions, 2^20 more
    /// for each later row of the line; -1 for padding.
    final long[] segments;

    /// For each row: the first of its positions.
    final List<Long> starts = new ArrayList<>();

    /// For each row: the position after its last.
    final List<Long> ends = new ArrayList<>();

    /// For each scored token: the position that predicts it.
    final long[] predictors;

    /// For each scored token: the position it stands at.
    final long[] places;

    /// For each scored token: its id.
    final long[] labels;

    /// Tokens of each completion of each row.
    final int[][] counts;

    /// Scored tokens of each row's prompt.
    private final int[] promptCounts;

    /// Where a row lies: in which line, after how many positions, as the line's how-manieth row.
    private record Slot(int line, int offset, int number) {}

    /// One row a line.
    Batch(List<Row> rowList, ModelConfig config, Scored scored) {
        this(rowList, config, scored, 0);
    }

    /// Several rows a line where they fit into `packedLength` positions together, longest first,
    /// each into the first line that has room. A row that is longer has a line of its own.
    Batch(List<Row> rowList, ModelConfig config, Scored scored, int packedLength) {
        if (rowList.isEmpty()) {
            throw Problem.badRequest("A batch has no rows.", "Give at least one.");
        }
        List<Integer> used = new ArrayList<>();
        Slot[] slots = pack(rowList, packedLength, used);
        lines = used.size();
        length = Collections.max(used);
        ids = new long[lines * length];
        positions = new long[lines * length];
        segments = new long[lines * length];
        Arrays.fill(segments, PADDING);
        counts =
                rowList.stream()
                        .map(row -> row.completions().stream().mapToInt(c -> c.length).toArray())
                        .toArray(int[][]::new);
        promptCounts =
                rowList.stream()
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
        for (int r = 0; r < counts.length; r++) {
            check(rowList.get(r), config);
            long start = (long) slots[r].line * length + slots[r].offset;
            starts.add(start);
            ends.add(start + rowList.get(r).length());
            token = lay(rowList.get(r), slots[r], token);
        }
        for (int r = 0; r < counts.length; r++) {
            token = scorePrompt(rowList.get(r), slots[r], promptCounts[r], token);
        }
    }

    /// @param used gets the positions used of each line
    private static Slot[] pack(List<Row> rows, int packedLength, List<Integer> used) {
        var slots = new Slot[rows.size()];
        var rowsOf = new ArrayList<Integer>();
        List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
        if (packedLength > 0) {
            order.sort(Comparator.comparing(r -> -rows.get(r).length()));
        }
        for (int r : order) {
            int size = rows.get(r).length();
            int line = 0;
            while (line < used.size() && used.get(line) + size > packedLength) {
                line++;
            }
            if (line == used.size()) {
                used.add(0);
                rowsOf.add(0);
            }
            slots[r] = new Slot(line, used.get(line), rowsOf.get(line));
            used.set(line, used.get(line) + size);
            rowsOf.set(line, rowsOf.get(line) + 1);
        }
        return slots;
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

    private int lay(Row row, Slot slot, int firstToken) {
        int[] prompt = row.prompt();
        long promptSegment = slot.number * SEGMENTS_PER_ROW;
        int at = slot.line * length + slot.offset;
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

    private int scorePrompt(Row row, Slot slot, int scoredTokens, int firstToken) {
        int start = slot.line * length + slot.offset;
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
