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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What a run will need, found by taking a few of its steps: those of its longest micro-batch,
/// which decides about memory, and those of its median batch, which decide about time.
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
    private static final int STEPS = 3;

    /// A step's examples.
    private record Batch(List<Example> examples, int microBatchPairs) {
        long tokens() {
            return tokens(examples);
        }

        long longestTokens() {
            return Passes.parts(examples, microBatchPairs).stream()
                    .mapToLong(Batch::tokens)
                    .max()
                    .orElseThrow();
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
                    batches.stream()
                            .max(Comparator.comparingLong(Batch::longestTokens))
                            .orElseThrow();
            List<Batch> sorted = new ArrayList<>(batches);
            sorted.sort(Comparator.comparingLong(Batch::tokens));
            Batch median = sorted.get(sorted.size() / 2);
            Benchmark.Result ofLongest;
            Benchmark.Result ofMedian;
            try (OpenReference reference =
                    OpenReference.of(
                            spec,
                            trained.policy(),
                            Stream.of(longest, median)
                                    .flatMap(batch -> batch.examples.stream())
                                    .distinct()
                                    .toList(),
                            null,
                            _ -> {})) {
                ofLongest = run(spec, trained.policy(), reference.logps(), longest);
                ofMedian = run(spec, trained.policy(), reference.logps(), median);
            }
            long tokens = batches.stream().mapToLong(Batch::tokens).sum();
            return new Estimate(
                    batches.size(),
                    tokens,
                    longest.longestTokens(),
                    Math.max(ofLongest.peakBytes(), ofMedian.peakBytes()),
                    ProcessMemory.machineBytes(),
                    torch.choice().device().toString(),
                    tensors(spec, longest.longestTokens()),
                    device.peakBytes(),
                    torch.choice().gpus().stream()
                            .mapToDouble(Gpu::memoryBytes)
                            .min()
                            .orElse(Double.NaN),
                    tokens * ofMedian.median() / median.tokens(),
                    ofMedian.takenByOthers());
        }
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
                    new Batch(
                            order.step(step).stream().map(examples::get).toList(),
                            spec.optimization().microBatchPairs()));
        }
        return batches;
    }

    private static Benchmark.Result run(
            RunSpec spec, LanguageModel policy, ReferenceLogps reference, Batch batch) {
        return new Benchmark(
                        policy,
                        spec.objective(),
                        List.of(batch.examples),
                        spec.optimization().microBatchPairs(),
                        spec.optimization().checkpointedLayers(),
                        reference)
                .run(1, STEPS);
    }
}
