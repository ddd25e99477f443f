package dev.slimelab.engine.train;

import dev.slimelab.engine.data.DataReport;
import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.DataRequest.Part;
import dev.slimelab.engine.data.LazyList;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.PairDataset;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.PreferenceRow;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.TokenPair;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.Stage;
import dev.slimelab.engine.tinylab.Corpus;
import dev.slimelab.engine.tinylab.LabAnswer;
import dev.slimelab.engine.tinylab.LabPair;
import dev.slimelab.engine.tinylab.TinyModel.Marker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The rows of a run, ready for the model.
///
/// @param training examples to train on, by [Example#index]
/// @param probe pairs that are only measured; their indices go on where the training ones end
/// @param heldOut rows of the stage that are only measured; their indices go on from there
/// @param prompts fixed prompts to answer, as token ids
/// @param tasks what the first prompts ask for, where the built-in corpus knows
/// @param largestTokenId that rows have, or may have: the vocabulary must be larger
/// @param files hold the rows on disk; none for the built-in corpus
record TrainingData(
        List<Example> training,
        List<Example> probe,
        List<Example> heldOut,
        List<int[]> prompts,
        List<LabPair> tasks,
        int largestTokenId,
        List<PairDataset> files)
        implements AutoCloseable {

    /// @throws Problem bad request: where the data is not what the spec needs
    static TrainingData load(RunSpec spec, Tokenizer tokenizer) {
        TrainingData data =
                spec.data().isTinyLab() ? tinyLab(spec, tokenizer) : file(spec, tokenizer);
        try {
            data.requireFor(spec);
        } catch (Problem problem) {
            data.close();
            throw problem;
        }
        return data;
    }

    /// Refuses rows that lack what a run's objective needs.
    ///
    /// @throws Problem bad request: naming what is missing
    void requireFor(RunSpec spec) {
        for (PairDataset file : files) {
            requireKind(spec, file.report().recognition().kind());
        }
        boolean alike = spec.data().isTinyLab();
        for (List<Example> rows : List.of(training, probe, heldOut)) {
            (alike ? first(rows, 1) : rows).forEach(row -> row.requireFor(spec.objective()));
        }
    }

    private static TrainingData file(RunSpec spec, Tokenizer tokenizer) {
        RunSpec.Data data = spec.data();
        PairDataset pairs =
                load(
                        spec,
                        tokenizer,
                        DataOfSpec.source(data, data.trainSplit()),
                        new Share(part(data), data.evaluationFraction()));
        var examples = new Examples(spec, tokenizer);
        List<Example> training =
                new LazyList<>(
                        pairs.training().size(),
                        i -> examples.of(i, spec.stage(), pairs.training().get(i)));
        List<TokenPair> evaluation = pairs.evaluation();
        List<PairDataset> files = new ArrayList<>(List.of(pairs));
        if (data.testSplit() != null) {
            try {
                PairDataset test =
                        load(
                                spec,
                                tokenizer,
                                DataOfSpec.source(data, data.testSplit()),
                                Share.WHOLE);
                files.add(test);
                evaluation = test.training();
            } catch (Problem problem) {
                pairs.close();
                throw problem;
            }
        }
        List<TokenPair> measured = evaluation.isEmpty() ? pairs.training() : evaluation;
        List<Example> probe = new ArrayList<>();
        for (TokenPair pair : first(measured, spec.evaluation().probePairs())) {
            if (pair.rejected().length > 0) {
                probe.add(examples.of(training.size() + probe.size(), Stage.PREFERENCE, pair));
            }
        }
        return new TrainingData(
                training,
                probe,
                heldOut(examples, spec.stage(), evaluation, training.size() + probe.size()),
                first(measured, spec.evaluation().samplePrompts()).stream()
                        .map(TokenPair::prompt)
                        .toList(),
                List.of(),
                files.stream().mapToInt(PairDataset::largestTokenId).max().orElseThrow(),
                files);
    }

    /// @throws Problem bad request: where a model's vocabulary is too small
    void requireKnownTo(ModelConfig config) {
        if (largestTokenId >= config.vocabSize()) {
            throw Problem.badRequest(
                    "The tokenizer gives token id %d, but the model's vocabulary has %d entries."
                            .formatted(largestTokenId, config.vocabSize()),
                    "Use the tokenizer that belongs to the model.");
        }
    }

    private static List<Example> heldOut(
            Examples examples, Stage stage, List<TokenPair> pairs, int firstIndex) {
        return new LazyList<>(pairs.size(), i -> examples.of(firstIndex + i, stage, pairs.get(i)));
    }

    private static <T> List<T> first(List<T> rows, int count) {
        return rows.subList(0, Math.min(count, rows.size()));
    }

    /// What of a source is used.
    private record Share(Part part, double evaluationFraction) {
        static final Share WHOLE = new Share(new Part.All(), 0);
    }

    private static PairDataset load(
            RunSpec spec, Tokenizer tokenizer, PairSource source, Share share) {
        RunSpec.Data data = spec.data();
        return PairDataset.load(
                new DataRequest(
                        source,
                        data.template(),
                        data.maxLength(),
                        share.evaluationFraction(),
                        switch (data.onBadRow()) {
                            case REFUSE -> OnBadRow.REFUSE;
                            case DROP -> OnBadRow.DROP;
                        },
                        share.part(),
                        data.seed()),
                tokenizer);
    }

    private static void requireKind(RunSpec spec, Kind kind) {
        boolean fits =
                switch (kind) {
                    case PAIRS -> true;
                    case ANSWERS -> spec.stage() != Stage.PREFERENCE;
                    case UNPAIRED ->
                            spec.stage() == Stage.PREFERENCE && !spec.objective().comparesPairs();
                };
        if (!fits) {
            throw Problem.badRequest(
                    "%s holds %s, and stage \"%s\" needs %s."
                            .formatted(
                                    spec.data().path(),
                                    kind.words(),
                                    Settings.word(spec.stage().name()),
                                    spec.stage() == Stage.PREFERENCE
                                            ? Kind.PAIRS.words()
                                            : Kind.PAIRS.words() + " or " + Kind.ANSWERS.words()),
                    "Give rows with chosen and rejected answers, or, for unpaired judgements,"
                            + " choose an objective that judges single answers, such as kto.");
        }
    }

    private static Part part(RunSpec.Data data) {
        if (data.sftFraction() == 0) {
            return new Part.All();
        }
        return data.split() == RunSpec.Data.Split.SFT
                ? new Part.Sft(data.sftFraction())
                : new Part.Preference(data.sftFraction());
    }

    /// The accounts of the files' rows.
    List<DataReport> reports() {
        return files.stream().map(PairDataset::report).toList();
    }

    @Override
    public void close() {
        files.forEach(PairDataset::close);
    }

    private static TrainingData tinyLab(RunSpec spec, Tokenizer tokenizer) {
        RunSpec.Data data = spec.data();
        var lab = new LabEncoder(tokenizer);
        List<Row> rows =
                switch (data.split()) {
                    case PRETRAIN -> lab.rows(spec.stage(), Corpus.base(), data.pairs());
                    case SFT -> lab.rows(spec.stage(), Corpus.supervised(), data.pairs());
                    case PREFERENCE -> {
                        List<LabPair> pairs = Corpus.pairs(data.seed(), data.pairs());
                        yield new LazyList<>(
                                pairs.size(), i -> lab.row(spec.stage(), pairs.get(i)));
                    }
                };
        var examples = new Examples(spec, tokenizer);
        List<Example> training =
                new LazyList<>(
                        rows.size(), i -> examples.of(i, rows.get(i), PreferenceRow.Settings.NONE));
        List<LabPair> heldOutPairs = Corpus.probe();
        List<Example> probe =
                IntStream.range(0, Math.min(spec.evaluation().probePairs(), heldOutPairs.size()))
                        .mapToObj(
                                i ->
                                        examples.of(
                                                rows.size() + i,
                                                lab.row(Stage.PREFERENCE, heldOutPairs.get(i)),
                                                PreferenceRow.Settings.NONE))
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
                tokenizer.vocabularySize() - 1,
                List.of());
    }

    /// Makes examples with what the objective asks of the data.
    private static final class Examples {
        private final @Nullable Sentences sentences;

        Examples(RunSpec spec, Tokenizer tokenizer) {
            this.sentences =
                    spec.objective().needs().contains(Need.SENTENCES)
                            ? new Sentences(tokenizer)
                            : null;
        }

        Example of(int index, Stage stage, TokenPair pair) {
            boolean judgedBad =
                    pair.rejected().length == 0 && Boolean.FALSE.equals(pair.settings().label());
            return of(
                    index,
                    judgedBad
                            ? row(stage, pair.prompt(), pair.rejected(), pair.chosen())
                            : row(stage, pair.prompt(), pair.chosen(), pair.rejected()),
                    pair.settings());
        }

        Example of(int index, Row row, PreferenceRow.Settings settings) {
            int[] chosen = row.completions().get(Example.CHOSEN);
            return new Example(
                    index,
                    row,
                    settings.offset(),
                    settings.weight(),
                    sentences == null ? new int[0] : sentences.starts(chosen));
        }
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

        List<Row> rows(Stage stage, List<LabAnswer> texts, int most) {
            if (stage == Stage.PREFERENCE) {
                throw Problem.badRequest(
                        "data.split has single answers, but stage \"preference\" needs pairs.",
                        "Use \"split\": \"preference\".");
            }
            return new LazyList<>(Math.min(most, texts.size()), i -> row(stage, texts.get(i)));
        }

        private Row row(Stage stage, LabAnswer text) {
            return TrainingData.row(
                    stage, prompt(text.prompt()), answer(text.answer()), new int[0]);
        }
    }
}
