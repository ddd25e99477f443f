package dev.slimelab.engine.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.compare.Comparison.Design;
import dev.slimelab.engine.compare.Comparison.Question;
import dev.slimelab.engine.compare.Comparison.Verdict;
import dev.slimelab.engine.compare.Sample.IntervalKind;
import dev.slimelab.engine.random.SplitMix64;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What is said of differences, on numbers whose truth is known.
class ComparisonTest {
    private static final double ALPHA = 0.05;
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /// Values of SciPy 1.17.1, `stats.ttest_rel`.
    @Test
    void aPairedTestGivesWhatSciPyGives() {
        Comparison one = only(sample(8.1, 8.5, 8.4, 8.9), sample(7.6, 8.2, 8.3, 8.1), 0);
        assertThat(one.design()).isEqualTo(Design.PAIRED);
        // differences .5 .3 .1 .8: mean .425, sd .2986, error .1493, t 2.8466
        assertThat(one.difference()).isCloseTo(0.425, within(1e-12));
        assertThat(one.p()).isCloseTo(0.06529426992156574, within(1e-12));
        assertThat(one.interval().low()).isCloseTo(-0.05015177399864623, within(1e-12));
        assertThat(one.verdict()).isEqualTo(Verdict.CANNOT_TELL);
    }

    /// Nadeau and Bengio's factor: √((1/n + ρ) / (1/n)) on the standard error.
    @Test
    void seedsThatShareTrainingRowsWidenTheInterval() {
        Sample row = sample(8.1, 8.5, 8.4, 8.9);
        Sample baseline = sample(7.6, 8.2, 8.3, 8.1);
        Comparison plain = only(row, baseline, 0);
        Comparison corrected = only(row, baseline, 0.25);
        assertThat(corrected.interval().halfWidth() / plain.interval().halfWidth())
                .isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(corrected.p()).isGreaterThan(plain.p());
    }

    /// Values of SciPy 1.17.1, `stats.ttest_ind` with `equal_var=False`; 5.88 degrees of freedom.
    @Test
    void withoutCommonSeedsTheMeansAreTested() {
        TreeMap<String, Double> others = new TreeMap<>();
        others.put("a", 1.0);
        others.put("b", 2.0);
        others.put("c", 3.0);
        Comparison one = only(sample(3, 4, 5, 6, 7), new Sample(others), 0);
        assertThat(one.design()).isEqualTo(Design.INDEPENDENT);
        assertThat(one.n()).isEqualTo(3);
        assertThat(one.p()).isCloseTo(0.01717785066716909, within(1e-12));
        assertThat(one.interval().low()).isCloseTo(0.7554113154487392, within(1e-12));
    }

    /// Holm's steps, written out: the smallest p times 4, the next times 3, never falling.
    @Test
    void holmCorrectsOverTheTable() {
        List<Question> questions = new ArrayList<>();
        for (double t : new double[] {1, 2, 3, 4}) {
            questions.add(new Question(sample(t, t + 1, t + 2.5), sample(0, 0.7, 0.2)));
        }
        List<@Nullable Comparison> all = Comparison.all(questions, 0, ALPHA);
        List<Comparison> byP =
                all.stream()
                        .map(one -> requireNonNull(one))
                        .sorted(java.util.Comparator.comparingDouble(Comparison::p))
                        .toList();
        double before = 0;
        for (int rank = 0; rank < 4; rank++) {
            before = Math.max(before, Math.min(1, (4 - rank) * byP.get(rank).p()));
            assertThat(byP.get(rank).corrected()).isCloseTo(before, within(1e-15));
            assertThat(byP.get(rank).threshold()).isCloseTo(ALPHA / (4 - rank), within(1e-15));
        }
    }

    /// As SLIME without its hinge beyond the hard margin, where no pair ever gets there.
    @Test
    void rowsThatAreEqualBitForBitStayEqualHoweverManySeeds() {
        Comparison one = only(sample(9.1, 9.4, 9.2), sample(9.1, 9.4, 9.2), 0);
        assertThat(one.verdict()).isEqualTo(Verdict.CANNOT_TELL);
        assertThat(one.p()).isEqualTo(1);
        assertThat(one.moreSeeds()).isEqualTo(Power.MOST_SEEDS + 1);
    }

    @Test
    void aSingleSeedIsNotTested() {
        assertThat(Comparison.all(List.of(new Question(sample(1), sample(2))), 0, ALPHA))
                .containsExactly((Comparison) null);
    }

    /// Textbook values: Cohen (1988), table 2.3.5 (two samples: d = 1, n = 10: 0.56; d = 0.5, n =
    /// 64: 0.80), and R's power.t.test(n = 10, delta = 1, type = "one.sample") = 0.8031.
    @ParameterizedTest
    @CsvSource({
        "1, 10, 18, 0.5620066465861492, two",
        "0.5, 64, 126, 0.8014595579222543, two",
        "1, 10, 9, 0.8030968566327218, one"
    })
    void powerIsTheTextbooks(double d, int n, double freedom, double power, String samples) {
        double noncentrality = d * Math.sqrt(samples.equals("two") ? n / 2.0 : n);
        assertThat(Power.ofT(noncentrality, freedom, ALPHA)).isCloseTo(power, within(1e-6));
    }

    @Test
    void seedsNeededAreThoseOfTheTextbook() {
        assertThat(Power.perGroupFor(0.5, ALPHA)).isEqualTo(64);
        assertThat(Power.perGroupFor(1, ALPHA)).isEqualTo(17);
        assertThat(Power.pairsFor(1, ALPHA)).isEqualTo(10);
        assertThat(Power.pairsFor(0.001, ALPHA)).isEqualTo(Power.MOST_SEEDS + 1);
    }

    /// Five rows against one baseline, ten seeds each, no effect anywhere: a table with any mark is
    /// wrong.
    @ParameterizedTest
    @CsvSource({"3", "10"})
    void atMostFivePercentOfTablesWithoutEffectShowOne(int seeds) {
        SplitMix64 noise = SplitMix64.named(seeds, "tables without effect");
        int wrong = 0;
        int tables = 2000;
        for (int table = 0; table < tables; table++) {
            Sample baseline = drawn(noise, seeds, 0);
            List<Question> questions = new ArrayList<>();
            for (int row = 0; row < 5; row++) {
                questions.add(new Question(drawn(noise, seeds, 0), baseline));
            }
            boolean marked =
                    Comparison.all(questions, 0, ALPHA).stream()
                            .anyMatch(one -> requireNonNull(one).verdict() != Verdict.CANNOT_TELL);
            wrong += marked ? 1 : 0;
        }
        assertThat(wrong).isBetween(1, tables / 20);
    }

    /// One row, ten seeds, an effect of one deviation of the noise. Both groups have noise, so the
    /// differences have √2 of it: power of a paired test with d = 1/√2, and of the independent one
    /// with d = 1 (0.562). Within three standard errors of 2,000 tables.
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anEffectOfOneDeviationIsFoundAsOftenAsTheTextbookSays(boolean paired) {
        int seeds = 10;
        int tables = 2000;
        SplitMix64 noise = SplitMix64.named(paired ? 1 : 2, "tables with an effect");
        int found = 0;
        for (int table = 0; table < tables; table++) {
            Sample row = drawn(noise, seeds, 1);
            Sample baseline = drawn(noise, seeds, 0);
            Comparison one = only(row, paired ? baseline : renamed(baseline), 0);
            assertThat(one.design()).isEqualTo(paired ? Design.PAIRED : Design.INDEPENDENT);
            found += one.verdict() == Verdict.HIGHER ? 1 : 0;
        }
        double expected =
                paired
                        ? Power.ofT(Math.sqrt(seeds / 2.0), seeds - 1, ALPHA)
                        : Power.ofT(Math.sqrt(seeds / 2.0), 2.0 * seeds - 2, ALPHA);
        double error = Math.sqrt(expected * (1 - expected) / tables);
        assertThat((double) found / tables).isCloseTo(expected, within(3 * error));
    }

    /// A Student interval of 95 % covers the truth that often; a bootstrap one of three seeds does
    /// not.
    @Test
    void studentIntervalsCoverAndBootstrapOnesOfFewSeedsDoNot() {
        SplitMix64 noise = SplitMix64.named(0, "intervals");
        int student = 0;
        int tables = 2000;
        for (int i = 0; i < tables; i++) {
            Sample.Interval interval = drawn(noise, 3, 0).interval(IntervalKind.STUDENT, 0.95);
            student += interval.low() < 0 && interval.high() > 0 ? 1 : 0;
        }
        assertThat((double) student / tables)
                .isCloseTo(0.95, within(3 * Math.sqrt(0.95 * 0.05 / tables)));
        Sample three = sample(1, 2, 6);
        assertThat(three.interval(IntervalKind.BOOTSTRAP, 0.95).halfWidth())
                .isLessThan(three.interval(IntervalKind.STUDENT, 0.95).halfWidth() / 2);
        assertThat(three.interval(IntervalKind.BOOTSTRAP, 0.95))
                .isEqualTo(three.interval(IntervalKind.BOOTSTRAP, 0.95));
    }

    private static Comparison only(Sample row, Sample baseline, double overlap) {
        return requireNonNull(
                Comparison.all(List.of(new Question(row, baseline)), overlap, ALPHA).getFirst());
    }

    static Sample sample(double... values) {
        TreeMap<String, Double> bySeed = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            bySeed.put("%02d".formatted(i), values[i]);
        }
        return new Sample(bySeed);
    }

    private static Sample renamed(Sample sample) {
        TreeMap<String, Double> bySeed = new TreeMap<>();
        sample.bySeed().forEach((seed, value) -> bySeed.put("other " + seed, value));
        return new Sample(bySeed);
    }

    private static Sample drawn(SplitMix64 noise, int seeds, double mean) {
        double[] values = new double[seeds];
        for (int i = 0; i < seeds; i++) {
            double u = Math.max(noise.uniform(), 1e-12);
            values[i] = mean + NORMAL.inverseCumulativeProbability(u);
        }
        return sample(values);
    }
}
