package dev.slimelab.engine.train;

import dev.slimelab.engine.data.DataReport;
import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.PairDataset;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.TokenPair;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.Stage;
import dev.slimelab.engine.tinylab.Corpus;
import dev.slimelab.engine.tinylab.LabAnswer;
import dev.slimelab.engine.tinylab.LabPair;
import dev.slimelab.engine.tinylab.TinyModel.Marker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rows of a run, ready for the model.
///
/// @param training examples to train on, by [Example#index]
/// @param probe pairs that are only measured; their indices go on where the training ones end
/// @param heldOut rows of the stage that are only measured; their indices go on from there
/// @param prompts fixed prompts to answer, as token ids
/// @param tasks what the first prompts ask for, where the built-in corpus knows
/// @param report the account of a file's rows; null for the built-in corpus
record TrainingData(
        List<Example> training,
        List<Example> probe,
        List<Example> heldOut,
        List<int[]> prompts,
        List<LabPair> tasks,
        @Nullable DataReport report) {

    static TrainingData load(RunSpec spec, Tokenizer tokenizer) {
        return spec.data().isTinyLab() ? tinyLab(spec, tokenizer) : file(spec, tokenizer);
    }

    /// The largest token id of all rows: the vocabulary must be larger.
    int largestTokenId() {
        return Stream.of(training, probe, heldOut)
                .flatMap(List::stream)
                .mapToInt(example -> largest(example.row()))
                .max()
                .orElse(-1);
    }

    private static int largest(Row row) {
        return IntStream.concat(
                        Arrays.stream(row.prompt()),
                        row.completions().stream().flatMapToInt(Arrays::stream))
                .max()
                .orElse(-1);
    }

    private static TrainingData file(RunSpec spec, Tokenizer tokenizer) {
        RunSpec.Data data = spec.data();
        if (!data.format().equals("auto")) {
            throw Problem.badRequest(
                    "data.format is \"" + data.format() + "\", which is not known.",
                    "Use \"auto\", which looks at the file, or \"tiny-lab\".");
        }
        PairDataset pairs =
                PairDataset.load(
                        new DataRequest(
                                new PairSource.JsonLines(Path.of(data.path())),
                                data.template(),
                                data.maxLength(),
                                data.evaluationFraction(),
                                switch (data.onBadRow()) {
                                    case REFUSE -> OnBadRow.REFUSE;
                                    case DROP -> OnBadRow.DROP;
                                },
                                spec.seeds().order()),
                        tokenizer);
        List<Example> training = new ArrayList<>();
        for (TokenPair pair : pairs.training()) {
            training.add(
                    new Example(
                            training.size(),
                            row(spec.stage(), pair.prompt(), pair.chosen(), pair.rejected())));
        }
        List<TokenPair> measured =
                pairs.evaluation().isEmpty() ? pairs.training() : pairs.evaluation();
        List<Example> probe = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        for (TokenPair pair : measured) {
            if (probe.size() < spec.evaluation().probePairs()) {
                probe.add(
                        new Example(
                                training.size() + probe.size(),
                                Row.of(pair.prompt(), pair.chosen(), pair.rejected())));
            }
            if (prompts.size() < spec.evaluation().samplePrompts()) {
                prompts.add(pair.prompt());
            }
        }
        List<Example> heldOut = new ArrayList<>();
        for (TokenPair pair : pairs.evaluation()) {
            heldOut.add(
                    new Example(
                            training.size() + probe.size() + heldOut.size(),
                            row(spec.stage(), pair.prompt(), pair.chosen(), pair.rejected())));
        }
        return new TrainingData(training, probe, heldOut, prompts, List.of(), pairs.report());
    }

    private static TrainingData tinyLab(RunSpec spec, Tokenizer tokenizer) {
        RunSpec.Data data = spec.data();
        var lab = new LabEncoder(tokenizer);
        List<Row> rows =
                switch (data.split()) {
                    case PRETRAIN ->
                            Corpus.base().stream()
                                    .limit(data.pairs())
                                    .map(text -> lab.row(spec.stage(), text))
                                    .toList();
                    case SFT ->
                            Corpus.supervised().stream()
                                    .limit(data.pairs())
                                    .map(text -> lab.row(spec.stage(), text))
                                    .toList();
                    case PREFERENCE ->
                            Corpus.pairs(data.seed(), data.pairs()).stream()
                                    .map(pair -> lab.row(spec.stage(), pair))
                                    .toList();
                };
        List<Example> training =
                IntStream.range(0, rows.size()).mapToObj(i -> new Example(i, rows.get(i))).toList();
        List<LabPair> heldOutPairs = Corpus.probe();
        List<Example> probe =
                IntStream.range(0, Math.min(spec.evaluation().probePairs(), heldOutPairs.size()))
                        .mapToObj(
                                i ->
                                        new Example(
                                                rows.size() + i,
                                                lab.row(Stage.PREFERENCE, heldOutPairs.get(i))))
                        .toList();
        int prompts =
                Math.max(spec.evaluation().samplePrompts(), spec.evaluation().scoredPrompts());
        List<LabPair> tasks = Corpus.heldOut().stream().limit(prompts).toList();
        return new TrainingData(
                training,
                probe,
                List.of(),
                tasks.stream().map(task -> lab.prompt(task.prompt())).toList(),
                tasks,
                null);
    }

    private static Row row(Stage stage, int[] prompt, int[] chosen, int[] rejected) {
        return switch (stage) {
            case PREFERENCE -> Row.of(prompt, chosen, rejected);
            case SFT -> Row.of(prompt, chosen);
            case PRETRAIN -> wholeText(prompt, chosen);
        };
    }

    /// Every token but the first is predicted.
    private static Row wholeText(int[] prompt, int[] answer) {
        int[] rest = Arrays.copyOfRange(prompt, 1, prompt.length + answer.length);
        System.arraycopy(answer, 0, rest, prompt.length - 1, answer.length);
        return Row.of(new int[] {prompt[0]}, rest);
    }

    /// The built-in model's markers around prompts and answers, which are encoded apart because no
    /// merge crosses a marker.
    private record LabEncoder(Tokenizer tokenizer) {
        int[] prompt(String prompt) {
            return tokenizer.encode(Marker.USER.text() + prompt + Marker.BOT.text());
        }

        private int[] answer(String answer) {
            return tokenizer.encode(answer + Marker.END.text());
        }

        Row row(Stage stage, LabPair pair) {
            return TrainingData.row(
                    stage, prompt(pair.prompt()), answer(pair.chosen()), answer(pair.rejected()));
        }

        Row row(Stage stage, LabAnswer text) {
            if (stage == Stage.PREFERENCE) {
                throw Problem.badRequest(
                        "data.split has single answers, but stage \"preference\" needs pairs.",
                        "Use \"split\": \"preference\".");
            }
            return TrainingData.row(
                    stage, prompt(text.prompt()), answer(text.answer()), new int[0]);
        }
    }
}
