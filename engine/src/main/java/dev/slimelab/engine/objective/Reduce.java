package dev.slimelab.engine.objective;

/// How the log-probs of one completion become one number.
public sealed interface Reduce {
    /// The share of each of `tokens` tokens in the score: ∂score/∂logp_t.
    double tokenWeight(int tokens);

    /// `nat per sequence` or `nat per token`: β, γ and margins do not transfer between the two.
    String unit();

    /// The score of one completion; 0 for an empty one.
    default double of(double[] logps) {
        return logps.length == 0 ? 0 : Numerics.sum(logps) * tokenWeight(logps.length);
    }

    /// Σ_t logp_t, as in DPO.
    record Sum() implements Reduce {
        @Override
        public double tokenWeight(int tokens) {
            return 1;
        }

        @Override
        public String unit() {
            return "nat per sequence";
        }
    }

    /// The mean over the completion's tokens, as in SimPO and SLIME.
    record Mean() implements Reduce {
        @Override
        public double tokenWeight(int tokens) {
            return 1.0 / tokens;
        }

        @Override
        public String unit() {
            return "nat per token";
        }
    }
}
