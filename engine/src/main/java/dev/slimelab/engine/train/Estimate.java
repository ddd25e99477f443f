package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.device.DeviceMemory;
import dev.slimelab.engine.device.Gpu;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.StepMemory;
import dev.slimelab.engine.spec.RunSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a run will need, found by taking a few of its steps: some of all lengths, which decide
/// about time, and then the one with its longest micro-batch, which decides about memory.
///
/// @param steps of the run
/// @param tokens of all its steps, each prompt once a pair
/// @param longestTokens of the longest micro-batch
/// @param peakBytes most memory of the process, from its start; NaN where the system does not say
/// @param machineBytes memory of the machine; NaN where the system does not say
/// @param device where it was computed
/// @param tensors what the longest micro-batch takes there, by arithmetic; of several devices, on
///   the first
/// @param devicePeakBytes most memory in use on a GPU meanwhile; NaN on the CPU
/// @param deviceBytes memory of the GPU, or of the smallest of several; NaN on the CPU
/// @param trainingSeconds of all steps, without what is measured between them
/// @param takenByOthers share of the machine's processors that other processes had meanwhile; the
///   more, the longer the seconds
public record Estimate(
        int steps,
        long tokens,
        long longestTokens,
        double peakBytes,
        double machineBytes,
        String device,
        StepMemory tensors,
        double devicePeakBytes,
        double deviceBytes,
        double trainingSeconds,
        double takenByOthers) {
    /// Steps that are timed, of as many lengths.
    private static final int TIMED = 6;

    /// A step's examples.
    ///
    /// @param longestTokens of its longest micro-batch
    private record Batch(List<Example> examples, long tokens, long longestTokens) {
        static Batch of(List<Example> examples, int microBatchPairs) {
            LongSummaryStatistics microBatches =
                    Passes.parts(examples, microBatchPairs).stream()
                            .mapToLong(Batch::tokens)
                            .summaryStatistics();
            return new Batch(examples, microBatches.getSum(), microBatches.getMax());
        }

        private static long tokens(List<Example> examples) {
            return examples.stream().mapToLong(example -> example.row().length()).sum();
        }
    }

    /// Reads the data and takes steps; writes nothing.
    ///
    /// @throws dev.slimelab.engine.problem.Problem as training would
    public static Estimate of(RunSpec spec) {
        try (Torch torch = Torch.start(spec.device(), spec.threads());
                Tokenizer tokenizer = Tokenizer.load(BaseModel.of(spec).tokenizerFolder());
                TrainingData data = TrainingData.load(spec, tokenizer);
                LanguageModel base = BaseModel.of(spec).open(torch, Trained.training(spec));
                Trained trained = Trained.of(spec, base);
                DeviceMemory device = DeviceMemory.watch(torch.choice().gpus())) {
            data.requireKnownTo(base.config());
            List<Batch> batches = batches(spec, data.training());
            Batch longest =
                    Collections.max(batches, Comparator.comparingLong(Batch::longestTokens));
            List<Batch> timed = spread(batches);
            List<Batch> taken = Stream.concat(timed.stream(), Stream.of(longest)).toList();
            Benchmark.Result result = take(spec, trained.policy(), taken);
            double seconds =
                    result.stepSeconds().stream()
                            .limit(timed.size())
                            .mapToDouble(Double::doubleValue)
                            .sum();
            long tokens = batches.stream().mapToLong(Batch::tokens).sum();
            return new Estimate(
                    batches.size(),
                    tokens,
                    longest.longestTokens,
                    result.peakBytes(),
                    ProcessMemory.machineBytes(),
                    torch.choice().device().toString(),
                    tensors(spec, longest.longestTokens),
                    device.peakBytes(),
                    torch.choice().gpus().stream()
                            .mapToDouble(Gpu::memoryBytes)
                            .min()
                            .orElse(Double.NaN),
                    seconds * tokens / timed.stream().mapToLong(Batch::tokens).sum(),
                    result.takenByOthers());
        }
    }

    /// Takes steps; the first one also to warm up, before it is measured.
    private static Benchmark.Result take(RunSpec spec, LanguageModel policy, List<Batch> batches) {
        List<List<Example>> taken =
                Stream.concat(Stream.of(batches.getFirst()), batches.stream())
                        .map(Batch::examples)
                        .toList();
        List<Example> examples = taken.stream().flatMap(List::stream).distinct().toList();
        try (OpenReference reference = OpenReference.of(spec, policy, examples, null, _ -> {})) {
            return new Benchmark(
                            policy,
                            spec.objective(),
                            taken,
                            spec.optimization().microBatchPairs(),
                            spec.optimization().checkpointedLayers(),
                            reference.logps())
                    .run(1, batches.size());
        }
    }

    /// A few batches whose lengths are spread as those of all are, in the run's order.
    private static List<Batch> spread(List<Batch> batches) {
        List<Integer> byLength =
                IntStream.range(0, batches.size())
                        .boxed()
                        .sorted(Comparator.comparingLong(step -> batches.get(step).tokens))
                        .toList();
        return IntStream.range(0, TIMED)
                .map(i -> byLength.get((2 * i + 1) * batches.size() / (2 * TIMED)))
                .distinct()
                .sorted()
                .mapToObj(batches::get)
                .toList();
    }

    private static StepMemory tensors(RunSpec spec, long tokens) {
        BaseModel base = BaseModel.of(spec);
        LoraSettings adapter =
                switch (spec.adapter()) {
                    case RunSpec.Adapter.Lora lora -> Trained.settings(lora);
                    case RunSpec.Adapter.Full() -> null;
                };
        return StepMemory.of(
                base.facts(adapter),
                base.precision(),
                adapter,
                tokens,
                spec.optimization().checkpointedLayers());
    }

    private static List<Batch> batches(RunSpec spec, List<Example> examples) {
        var order = BatchOrder.of(spec, examples.size());
        List<Batch> batches = new ArrayList<>();
        for (int step = 0; step < Trainer.steps(spec, examples.size()); step++) {
            batches.add(
                    Batch.of(
                            order.step(step).stream().map(examples::get).toList(),
                            spec.optimization().microBatchPairs()));
        }
        return batches;
    }
}
