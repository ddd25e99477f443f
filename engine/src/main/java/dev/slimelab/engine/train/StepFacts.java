package dev.slimelab.engine.train;

import dev.slimelab.engine.model.TokenStatistics;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The plain numbers of one optimiser step, from which every [Metric] is computed.
///
/// Averages run over all pairs or tokens of the optimiser batch, never over micro-batches, so they
/// do not depend on how the batch was split.
///
/// @param parts the micro-batches in order
/// @param gradNorm global L2 norm before clipping
record StepFacts(Objective objective, List<Part> parts, double gradNorm, double learningRate) {
    /// One micro-batch.
    ///
    /// @param evaluation its share of the batch's loss
    record Part(PairLogps policy, Evaluation evaluation, TokenStatistics statistics) {}

    double loss() {
        return parts.stream().mapToDouble(part -> part.evaluation().value()).sum();
    }

    /// Weighted value of each active term.
    Map<String, Double> terms() {
        return byTerm(Evaluation.Term::value);
    }

    /// Σ|c_t| of each term over Σ|c_t| of all terms.
    Map<String, Double> gradientShares() {
        Map<String, Double> pulls = byTerm(Evaluation.Term::pull);
        double all = pulls.values().stream().mapToDouble(Double::doubleValue).sum();
        pulls.replaceAll((_, pull) -> pull / all);
        return pulls;
    }

    /// Σc_t over the chosen answers' tokens by term: above 0 the term pushes them down.
    Map<String, Double> gradientsChosen() {
        return byTerm(term -> sum(term.chosen()));
    }

    Map<String, Double> gradientsRejected() {
        return byTerm(term -> sum(term.rejected()));
    }

    /// What the objective itself found worth a metric: the β it used, KTO's KL, …
    Map<String, Double> ofObjective() {
        return parts.getFirst().evaluation().facts();
    }

    private Map<String, Double> byTerm(Function<Evaluation.Term, Double> value) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Part part : parts) {
            for (Evaluation.Term term : part.evaluation().terms()) {
                sums.merge(term.name(), value.apply(term), Double::sum);
            }
        }
        return sums;
    }

    double[][] chosen() {
        return rows(part -> part.policy().chosen());
    }

    double[][] rejected() {
        return rows(part -> part.policy().rejected());
    }

    /// Of the rows that have both answers.
    double[] margins() {
        return present(pairs(part -> part.evaluation().margins()));
    }

    /// What the contrast was evaluated at.
    double[] z() {
        return pairs(part -> part.evaluation().z());
    }

    /// The factor in [#z], which a pair weight may have changed.
    double beta() {
        return ofObjective().getOrDefault("beta_used", objective.beta());
    }

    /// ∂loss/∂logp of every rejected token, summed over the terms.
    double[] rejectedGradient() {
        return tokens(part -> part.evaluation().rejectedGradient());
    }

    /// Policy − reference of every answer token; empty without a reference.
    double[] logRatios() {
        return parts.stream().flatMapToDouble(StepFacts::logRatios).toArray();
    }

    private static DoubleStream logRatios(Part part) {
        PairLogps policy = part.policy();
        PairLogps reference = policy.reference();
        return reference == null
                ? DoubleStream.empty()
                : DoubleStream.concat(
                        differences(policy.chosen(), reference.chosen()),
                        differences(policy.rejected(), reference.rejected()));
    }

    private static DoubleStream differences(double[][] policy, double[][] reference) {
        return IntStream.range(0, policy.length)
                .boxed()
                .flatMapToDouble(
                        pair ->
                                IntStream.range(0, policy[pair].length)
                                        .mapToDouble(t -> policy[pair][t] - reference[pair][t]));
    }

    /// Of the chosen answers that there are.
    double[] rewardsChosen() {
        return present(pairs(part -> part.evaluation().rewardsChosen()));
    }

    double[] rewardsRejected() {
        return present(pairs(part -> part.evaluation().rewardsRejected()));
    }

    /// Without those of rows that lack an answer, which are NaN.
    static double[] present(double[] rewards) {
        return DoubleStream.of(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
    }

    /// One value per chosen token of the batch.
    double[] chosenTokens(Function<TokenStatistics, double[][][]> column) {
        return tokens(part -> Passes.chosen(column.apply(part.statistics())));
    }

    double[] rejectedTokens(Function<TokenStatistics, double[][][]> column) {
        return tokens(part -> Passes.rejected(column.apply(part.statistics())));
    }

    private double[][] rows(Function<Part, double[][]> rows) {
        return parts.stream().map(rows).flatMap(Arrays::stream).toArray(double[][]::new);
    }

    private double[] pairs(Function<Part, double[]> pairs) {
        return parts.stream().map(pairs).flatMapToDouble(Arrays::stream).toArray();
    }

    private double[] tokens(Function<Part, double[][]> rows) {
        return Arrays.stream(rows(rows)).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double sum(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).sum();
    }

    /// NaN for no values, which leaves a metric out.
    static double mean(double... values) {
        return DoubleStream.of(values).average().orElse(Double.NaN);
    }
}
