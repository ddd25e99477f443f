package dev.slimelab.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.sun.management.OperatingSystemMXBean;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceMemory;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Flops;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.random.SplitMix64;

import org.apache.commons.statistics.descriptive.Median;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/// Times optimiser steps of a model and says what they spend their time on.
///
/// @param policy with an adapter
/// @param batches one a step, in turn
/// @param microBatchPairs rows that go through the model together
/// @param gradientCheckpointing see [PassOptions#checkpointEvery]
/// @param reference asked in every step
public record Benchmark(
        LanguageModel policy,
        Objective objective,
        List<List<Example>> batches,
        int microBatchPairs,
        int gradientCheckpointing,
        ReferenceLogps reference) {
    /// More of the machine in other processes' hands, and the times say nothing.
    public static final double MOST_TAKEN_BY_OTHERS = 0.05;

    /// Moves nothing far.
    private static final double LEARNING_RATE = 1e-6;

    private static final Median MEDIAN = Median.withDefaults();

    private static final int REPEATS = 9;

    /// Kernels by what they are for.
    private static final Map<String, List<String>> PARTS = parts();

    private static Map<String, List<String>> parts() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("forward", List.of("embed", "rope", "block_masks", "layer", "final_norm"));
        parts.put("head", List.of("head_logps", "head_backward", "mean_row"));
        parts.put(
                "backward",
                List.of("layer_again", "layer_backward", "final_norm_backward", "embed_backward"));
        parts.put("optimiser", List.of("adamw", "zero", "norm", "scale"));
        return parts;
    }

    /// How the log-probs of a reference come that is the policy without its adapter.
    public enum Reference {
        /// Computed in every step.
        PER_STEP,
        /// Computed before the first step.
        CACHED;

        /// The log-probs, or none where the objective has no reference.
        ///
        /// @param policy that has not been trained yet
        /// @param batches all that will be asked about
        public ReferenceLogps of(
                LanguageModel policy, Objective objective, List<List<Example>> batches) {
            if (!objective.needsReference()) {
                return new ReferenceLogps.None();
            }
            return switch (this) {
                case PER_STEP -> new ReferenceLogps.AdapterDisabled(policy);
                case CACHED ->
                        ReferenceLogps.Precomputed.compute(
                                policy,
                                PassOptions.reference(),
                                batches.stream().flatMap(List::stream).distinct().toList());
            };
        }
    }

    /// Lets [Result#peakBytes] begin here, where the process would otherwise count from its start.
    public static void forgetPeak() {
        ProcessMemory.forgetPeak();
    }

    /// What was measured.
    ///
    /// @param stepSeconds of each measured step
    /// @param breakdown seconds of the median step by what they were spent on; empty on a GPU,
    ///   where a kernel's time is not that of its call, and on several devices
    /// @param tokens prompt and completion tokens of a step, the prompt once a pair, on average
    /// @param tokensOfTwoRows the same where each answer has its prompt before it, as in a layout
    ///   of two rows a pair
    /// @param pairs of a step
    /// @param flops of matrix products that a step requires, on average; see [Flops]
    /// @param matmulFlopsPerSecond of products of square matrices in the same process, on all GPUs
    /// @param takenByOthers share of the machine's processors that other processes had
    /// @param peakBytes most memory the process had since it started, or since [#forgetPeak]; NaN
    ///   where the system does not say
    /// @param devicePeakBytes most memory in use on a GPU; of several the fullest; NaN on the CPU
    /// @param traffic between host and device in the last step
    public record Result(
            List<Double> stepSeconds,
            Map<String, Double> breakdown,
            double tokens,
            double tokensOfTwoRows,
            double pairs,
            double flops,
            double matmulFlopsPerSecond,
            double takenByOthers,
            double peakBytes,
            double devicePeakBytes,
            Kernels.Traffic traffic) {
        public double median() {
            return MEDIAN.evaluate(stepSeconds.stream().mapToDouble(s -> s).toArray());
        }

        public double minimum() {
            return stepSeconds.stream().mapToDouble(s -> s).min().orElseThrow();
        }

        /// Share of the measured rate of matrix products that the required ones got.
        public double utilisation() {
            return flops / median() / matmulFlopsPerSecond;
        }
    }

    /// Takes steps.
    ///
    /// @param warmUp steps that are not measured
    public Result run(int warmUp, int steps) {
        Torch torch = policy.torch();
        double rateBefore = matmulRate(torch);
        var inputs = new ObjectiveInputs(policy, reference, new ObjectiveMemory(0));
        try (var optimizer = new AdamW(policy, AdamW.Settings.standard());
                var replicas = new Replicas(inputs);
                DeviceMemory device = DeviceMemory.watch(torch.choice().gpus())) {
            var step =
                    new OptimizerStep(
                            replicas,
                            optimizer,
                            objective,
                            microBatchPairs,
                            gradientCheckpointing,
                            null,
                            0);
            var spare = new SpareMemory();
            for (int i = 0; i < warmUp; i++) {
                spare.giveBack();
                step.take(batch(i), LEARNING_RATE);
            }
            var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            machine.getCpuLoad();
            machine.getProcessCpuLoad();
            List<Double> seconds = new ArrayList<>();
            List<Map<String, Double>> spent = new ArrayList<>();
            Kernels.Traffic sent = torch.traffic();
            torch.await();
            for (int i = 0; i < steps; i++) {
                Map<String, Long> before = torch.kernels().nanos();
                sent = torch.traffic();
                long began = System.nanoTime();
                spare.giveBack();
                step.take(batch(warmUp + i), LEARNING_RATE);
                sent = torch.traffic().minus(sent);
                torch.await();
                seconds.add((System.nanoTime() - began) / 1e9);
                spent.add(spent(before, torch.kernels().nanos()));
            }
            device.look();
            double others = Math.max(0, machine.getCpuLoad() - machine.getProcessCpuLoad());
            List<List<Example>> measured =
                    IntStream.range(warmUp, warmUp + steps).mapToObj(this::batch).toList();
            return new Result(
                    seconds,
                    torch.choice().device() instanceof Device.Cpu
                            ? breakdown(
                                    seconds, spent, objectiveSeconds(inputs, measured.getFirst()))
                            : Map.of(),
                    mean(measured, Row::length),
                    mean(measured, Benchmark::lengthOfTwoRows),
                    (double) measured.stream().mapToInt(List::size).sum() / steps,
                    measured.stream().mapToDouble(this::flops).average().orElseThrow(),
                    Math.max(1, torch.choice().gpus().size())
                            * Math.max(rateBefore, matmulRate(torch)),
                    others,
                    ProcessMemory.peakBytes(),
                    device.peakBytes(),
                    sent);
        }
    }

    private List<Example> batch(int step) {
        return batches.get(step % batches.size());
    }

    private double flops(List<Example> batch) {
        List<Row> rows = Passes.rows(batch);
        double asked =
                reference instanceof ReferenceLogps.AdapterDisabled
                        ? Flops.reference(policy, rows)
                        : 0;
        return asked + Flops.forward(policy, rows) + Flops.backward(policy, rows);
    }

    /// How fast the process multiplies square matrices of the model's precision on one device.
    ///
    /// On a GPU, where a product takes less than asking for it, larger ones and several in a row.
    private double matmulRate(Torch torch) {
        boolean gpu = torch.isOnGpu();
        int size = gpu ? 4096 : 2048;
        int inARow = gpu ? 50 : 1;
        Kernels kernels = torch.kernels();
        double[] seconds = new double[REPEATS];
        try (NDManager scope = torch.newScope()) {
            float[] numbers = new SplitMix64(0).normals((long) size * size, 1);
            NDArray a =
                    kernels.cast(
                            scope, kernels.upload(scope, numbers, size, size), policy.precision());
            kernels.await();
            for (int i = 0; i < seconds.length; i++) {
                long began = System.nanoTime();
                for (int product = 0; product < inARow; product++) {
                    kernels.product(scope, a, a).close();
                }
                kernels.await();
                seconds[i] = (System.nanoTime() - began) / 1e9;
            }
        }
        return inARow * 2 * Math.pow(size, 3) / MEDIAN.evaluate(seconds);
    }

    private double objectiveSeconds(ObjectiveInputs inputs, List<Example> batch) {
        PairLogps logps = inputs.logps(objective, batch, _ -> List.of());
        ObjectiveInputs.OfBatch ofBatch = inputs.ofBatch(objective, batch);
        double[] seconds = new double[REPEATS];
        for (int i = 0; i < seconds.length; i++) {
            long began = System.nanoTime();
            inputs.evaluate(objective, logps, ofBatch);
            seconds[i] = (System.nanoTime() - began) / 1e9;
        }
        return MEDIAN.evaluate(seconds);
    }

    /// Seconds of each kernel in one step.
    private static Map<String, Double> spent(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Double> spent = new LinkedHashMap<>();
        after.forEach(
                (kernel, nanos) ->
                        spent.put(kernel, (nanos - before.getOrDefault(kernel, 0L)) / 1e9));
        return spent;
    }

    /// Medians by what the kernels are for; the rest of a step is everything else.
    private static Map<String, Double> breakdown(
            List<Double> seconds, List<Map<String, Double>> spent, double objective) {
        Map<String, Double> breakdown = new LinkedHashMap<>();
        double left = MEDIAN.evaluate(seconds.stream().mapToDouble(s -> s).toArray()) - objective;
        for (Map.Entry<String, List<String>> part : PARTS.entrySet()) {
            double median =
                    MEDIAN.evaluate(
                            spent.stream()
                                    .mapToDouble(
                                            step ->
                                                    part.getValue().stream()
                                                            .mapToDouble(
                                                                    k -> step.getOrDefault(k, 0.0))
                                                            .sum())
                                    .toArray());
            breakdown.put(part.getKey(), median);
            left -= median;
        }
        breakdown.put("objective", objective);
        breakdown.put("everything else", left);
        return breakdown;
    }

    private static double mean(List<List<Example>> batches, ToLongFunction<Row> count) {
        return batches.stream()
                .mapToLong(batch -> Passes.rows(batch).stream().mapToLong(count).sum())
                .average()
                .orElseThrow();
    }

    private static long lengthOfTwoRows(Row row) {
        return row.length() + (row.completions().size() - 1L) * row.prompt().length;
    }
}
