package dev.slimelab.engine.generate;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import java.util.ArrayList;
import java.util.List;

/// Statistical rejection sampling (RSO, arXiv 2309.06657): of many scored answers to a prompt it
/// keeps some as if they had been drawn from the optimal policy, and pairs them.
///
/// @param beta in the unit of scores: small keeps only the best, large keeps any
/// @param keep answers kept of each prompt, at most
public record RejectionSampling(double beta, int keep) {
    /// A pair of indices into the scores.
    public record Pair(int chosen, int rejected) {}

    public RejectionSampling {
        if (!(beta > 0) || keep < 2) {
            throw Problem.badRequest(
                    "beta is %s and keep is %d.".formatted(beta, keep),
                    "Give a beta above 0 and keep at least 2.");
        }
    }

    /// Sweeps over the answers that are left until enough are kept: one of score r is kept with
    /// probability exp((r − r_max) / β), where r_max is the best score at the sweep's beginning.
    ///
    /// @return indices in the order in which they were kept
    public List<Integer> kept(double[] scores, SplitMix64 random) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            left.add(i);
        }
        List<Integer> kept = new ArrayList<>();
        while (kept.size() < keep && !left.isEmpty()) {
            double best = left.stream().mapToDouble(i -> scores[i]).max().orElseThrow();
            List<Integer> swept = new ArrayList<>();
            for (int i : left) {
                if (kept.size() == keep) {
                    break;
                }
                if (random.uniform() < Math.exp((scores[i] - best) / beta)) {
                    kept.add(i);
                    swept.add(i);
                }
            }
            left.removeAll(swept);
        }
        return kept;
    }

    /// Pairs the kept answers two by two in random order, the better one chosen. Answers of equal
    /// score make no pair.
    public List<Pair> pairs(double[] scores, SplitMix64 random) {
        List<Integer> kept = kept(scores, random);
        List<Integer> shuffled = random.sample(kept, kept.size());
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < shuffled.size(); i += 2) {
            int one = shuffled.get(i);
            int other = shuffled.get(i + 1);
            if (scores[one] != scores[other]) {
                pairs.add(
                        scores[one] > scores[other] ? new Pair(one, other) : new Pair(other, one));
            }
        }
        return pairs;
    }
}
