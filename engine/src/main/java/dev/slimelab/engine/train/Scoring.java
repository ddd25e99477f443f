package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.ReferenceModel.Kind;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Lets a spec's policy and reference read some of its own data, before any training.
public final class Scoring {
    private Scoring() {}

    /// Opens the spec's data and models, scores, and closes them.
    ///
    /// @param pairs how many; all there are where there are fewer
    /// @throws Problem bad request: where data, model and tokenizer do not fit together
    public static PairScores score(RunSpec spec, int pairs) {
        if (pairs < 1) {
            throw Problem.badRequest("pairs is " + pairs + ".", "Give 1 or more.");
        }
        BaseModel base = BaseModel.of(spec);
        try (Torch torch = Torch.start(spec.device().each().getFirst(), spec.threads());
                Tokenizer tokenizer = Tokenizer.load(base.tokenizerFolder());
                TrainingData data = TrainingData.load(spec, tokenizer)) {
            List<Integer> rows = spread(data.training().size(), pairs);
            List<Example> examples = rows.stream().map(data.training()::get).toList();
            PairLogps policy;
            PairLogps reference;
            try (LanguageModel model = base.open(torch, Training.FROZEN)) {
                data.requireKnownTo(model.config());
                String adapter = spec.model().adapterPath();
                if (adapter == null) {
                    policy = score(model, examples);
                } else {
                    try (Lora lora = Lora.load(model, Path.of(adapter))) {
                        policy = score(model.with(lora), examples);
                    }
                }
                reference =
                        switch (spec.reference().kind()) {
                            case NONE, FOLDER -> null;
                            case START -> policy;
                            case ADAPTER_DISABLED ->
                                    adapter == null ? policy : score(model, examples);
                        };
            }
            if (spec.reference().kind() == Kind.FOLDER) {
                reference = other(spec, torch, examples);
            }
            return new PairScores(
                    rows,
                    data.training().size(),
                    new PairLogps(
                            policy.chosen(),
                            policy.rejected(),
                            reference,
                            extras(spec.objective(), examples)));
        }
    }

    private static PairLogps other(RunSpec spec, Torch torch, List<Example> examples) {
        Path folder = Path.of(String.valueOf(spec.reference().path()));
        try (LanguageModel model =
                BaseModel.folder(folder, spec.model().precision()).open(torch, Training.FROZEN)) {
            return score(model, examples);
        }
    }

    /// As many places as are wanted, evenly spread over the rows, the first included.
    static List<Integer> spread(int rows, int wanted) {
        int taken = Math.min(rows, wanted);
        return IntStream.range(0, taken).mapToObj(i -> (int) ((long) i * rows / taken)).toList();
    }

    private static PairLogps score(LanguageModel model, List<Example> examples) {
        List<PairLogps> parts = new ArrayList<>();
        for (List<Example> part : Passes.parts(examples, ObjectiveInputs.ROWS_PER_PASS)) {
            parts.add(Passes.logps(model, part, PassOptions.evaluation()));
        }
        return PairLogps.concatenated(parts);
    }

    private static PairLogps.Extras extras(Objective objective, List<Example> examples) {
        return new PairLogps.Extras(
                null,
                null,
                null,
                numbers(examples, Example::offset),
                numbers(examples, Example::weight),
                objective.needs().contains(Need.SENTENCES)
                        ? examples.stream().map(Example::sentences).toArray(int[][]::new)
                        : null);
    }

    /// Null unless every row has one.
    private static double @Nullable [] numbers(
            List<Example> examples, Function<Example, @Nullable Double> column) {
        List<Double> numbers = new ArrayList<>();
        for (Example example : examples) {
            Double number = column.apply(example);
            if (number == null) {
                return null;
            }
            numbers.add(number);
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
