package dev.slimelab.bench;

import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Carry;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.random.SplitMix64;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// One evaluation, with both summed gradients, as the trainer asks for it once a step: 16 pairs of
/// 1,024 tokens an answer.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ObjectiveBenchmark {
    private static final int PAIRS = 16;
    private static final int TOKENS = 1024;

    @Param({"SLIME", "SLIME_CODE", "DPO", "SIMPO", "KTO", "BETA_DPO", "SGDPO", "WPO", "ASPO_TEXT"})
    private Preset preset = Preset.SLIME;

    private Objective objective = preset.objective();
    private PairLogps batch = batch(new SplittableRandom(0));
    private BatchTotals totals = BatchTotals.of(batch);
    private Carry carry = Carry.NONE;

    @Setup
    public void prepare() {
        objective = preset.objective();
        batch = batch(new SplittableRandom(1));
        totals = BatchTotals.of(batch);
        carry = Carry.NONE;
    }

    /// What the step before left goes into the next one, so that anything that grows would show.
    @Benchmark
    public double evaluate() {
        Evaluation evaluation = objective.evaluate(batch, totals, carry, new SplitMix64(7));
        carry = evaluation.carry();
        return evaluation.value()
                + evaluation.chosenGradient()[0][0]
                + evaluation.rejectedGradient()[0][0];
    }

    private static PairLogps batch(SplittableRandom random) {
        double[][] chosen = logps(random);
        double[][] rejected = logps(random);
        int[][] sentences = new int[PAIRS][];
        for (int pair = 0; pair < PAIRS; pair++) {
            sentences[pair] = new int[] {0, TOKENS / 4, TOKENS / 2};
        }
        return new PairLogps(
                chosen,
                rejected,
                new PairLogps(logps(random), logps(random)),
                new PairLogps.Extras(
                        logps(random),
                        new PairLogps(logps(random), logps(random)),
                        random.doubles(PAIRS, -1, 1).toArray(),
                        random.doubles(PAIRS, 0, 1).toArray(),
                        random.doubles(PAIRS, 0, 1).toArray(),
                        sentences));
    }

    private static double[][] logps(SplittableRandom random) {
        double[][] logps = new double[PAIRS][];
        for (int pair = 0; pair < PAIRS; pair++) {
            logps[pair] = random.doubles(TOKENS, -6, 0).toArray();
        }
        return logps;
    }
}
