package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import java.util.function.DoubleFunction;

/// The part of an objective that judges answers one by one, so that most kinds need no pairs.
///
/// Its value is the mean over all answers of a batch, counted double: over pairs it is the mean of
/// both answers' sum, as in TRL's paired losses. Trainers of unpaired data take half of that.
public sealed interface Unary {
    /// Factor on the whole term.
    double weight();

    /// The weighted loss of a pair.
    ///
    /// @param chosen the chosen answer's score f_w; NaN where the row has no chosen answer
    /// @param rejected the rejected answer's score f_l; NaN where the row has none
    /// @param beta factor on scores
    /// @param centre what scores are measured from, in their unit: KTO's z0, BCO's δ/β; else 0
    Judgement at(double chosen, double rejected, double beta, double centre);

    /// The weighted term in LaTeX, over the scores f_w and f_l.
    String latex();

    /// Whether rows without one of their answers cannot be judged.
    default boolean comparesPairs() {
        return false;
    }

    private static Slope present(double score, DoubleFunction<Slope> loss) {
        return Double.isNaN(score) ? Slope.ZERO : loss.apply(score);
    }

    /// loss(β · (score − centre)) and its derivative with respect to the score.
    private static Slope scaled(
            double score, double beta, double centre, DoubleFunction<Slope> loss) {
        return present(
                score,
                f -> {
                    Slope slope = loss.apply(beta * (f - centre));
                    return new Slope(slope.value(), beta * slope.derivative());
                });
    }

    /// −log σ(βf_w) − ½ log σ(−βf_w) − ½ log σ(−βf_l): also pulls the chosen answer back, so that
    /// its likelihood does not fall with the rejected one (NCA, arXiv 2402.05369).
    @Called("NCA")
    record Nca(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight)
            implements Unary {
        public Nca {
            Settings.require(Nca.class, "weight", weight);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            return Judgement.of(
                            scaled(
                                    chosen,
                                    beta,
                                    0,
                                    r ->
                                            Slope.logistic(r)
                                                    .plus(
                                                            Slope.logistic(-r)
                                                                    .mirrored()
                                                                    .times(0.5))),
                            scaled(
                                    rejected,
                                    beta,
                                    0,
                                    r -> Slope.logistic(-r).mirrored().times(0.5)))
                    .times(weight);
        }

        @Override
        public String latex() {
            return "-\\log\\sigma(\\beta f_w)-\\frac12\\log\\sigma(-\\beta f_w)-\\frac12\\log\\sigma(-\\beta f_l)";
        }
    }

    /// −log σ(βf_w − δ) − log σ(−(βf_l − δ)): a classifier of good and bad answers (BCO, arXiv
    /// 2404.04656).
    @Called("BCO classifier")
    record Bco(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            source = "TRL's BCOTrainer averages over answers, which is 0.5 here",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Shift δ",
                            help = "What rewards are compared with.",
                            source =
                                    "BCO: the running mean of all rewards; TRL's `bco_pair` since"
                                            + " 1.0: zero",
                            initial = "running-mean")
                    Shift shift)
            implements Unary {
        /// What rewards are compared with.
        public enum Shift {
            ZERO,
            /// The mean of the rewards of all answers seen so far, this batch included.
            RUNNING_MEAN
        }

        public Bco {
            Settings.require(Bco.class, "weight", weight);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            return Judgement.of(
                            scaled(chosen, beta, centre, Slope::logistic),
                            scaled(rejected, beta, centre, r -> Slope.logistic(-r).mirrored()))
                    .times(weight);
        }

        @Override
        public String latex() {
            String delta = shift == Shift.ZERO ? "" : "-\\delta";
            return "-\\log\\sigma(\\beta f_w%s)-\\log\\sigma(-(\\beta f_l%s))"
                    .formatted(delta, delta);
        }
    }

    /// λ_D · (1 − σ(β(f_w − z0))) + λ_U · (1 − σ(β(z0 − f_l))): gains and losses as people feel
    /// them, against the KL z0 of unrelated answers (KTO, arXiv 2402.01306).
    @Called("KTO")
    record Kto(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            source = "TRL averages over answers, which is 0.5 here",
                            initial = "0.5",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Desirable answers",
                            symbol = "λ_D",
                            help = "Factor on chosen answers, to balance unequal counts.",
                            source = "KTO: 1 to 1.33; `desirable_weight` in TRL",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double desirable,
            @Parameter(
                            label = "Undesirable answers",
                            symbol = "λ_U",
                            help = "Factor on rejected answers.",
                            source = "KTO: 1; `undesirable_weight` in TRL",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double undesirable)
            implements Unary {
        public Kto {
            Settings.require(Kto.class, "weight", weight);
            Settings.require(Kto.class, "desirable", desirable);
            Settings.require(Kto.class, "undesirable", undesirable);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            return Judgement.of(
                            scaled(chosen, beta, centre, r -> Slope.sigmoid(-r).mirrored())
                                    .times(desirable),
                            scaled(rejected, beta, centre, Slope::sigmoid).times(undesirable))
                    .times(weight);
        }

        @Override
        public String latex() {
            return "\\lambda_D\\,\\sigma(-\\beta(f_w-z_0))+\\lambda_U\\,\\sigma(\\beta(f_l-z_0))";
        }
    }

    /// 1 − σ(βf_w) + σ(βf_l): raises the chosen and lowers the rejected answer, each for itself
    /// (APO-zero, arXiv 2408.06266).
    @Called("APO, zero")
    record ApoZero(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            source =
                                    "TRL's `apo_zero_unpaired` averages over answers, which is 0.5"
                                            + " here",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight)
            implements Unary {
        public ApoZero {
            Settings.require(ApoZero.class, "weight", weight);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            return Judgement.of(
                            scaled(chosen, beta, 0, r -> Slope.sigmoid(-r).mirrored()),
                            scaled(rejected, beta, 0, Slope::sigmoid))
                    .times(weight);
        }

        @Override
        public String latex() {
            return "\\sigma(-\\beta f_w)+\\sigma(\\beta f_l)";
        }
    }

    /// σ(βf_w) + 1 − σ(β(f_w − f_l)): lowers both answers, the rejected one more, for models that
    /// are better than the data (APO-down, arXiv 2408.06266).
    @Called("APO, down")
    record ApoDown(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight)
            implements Unary {
        public ApoDown {
            Settings.require(ApoDown.class, "weight", weight);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            if (Double.isNaN(chosen) || Double.isNaN(rejected)) {
                return Judgement.ZERO;
            }
            Slope down = scaled(chosen, beta, 0, Slope::sigmoid);
            Slope apart = scaled(chosen - rejected, beta, 0, z -> Slope.sigmoid(-z).mirrored());
            return new Judgement(
                            down.value() + apart.value(),
                            down.derivative() + apart.derivative(),
                            -apart.derivative())
                    .times(weight);
        }

        @Override
        public String latex() {
            return "\\sigma(\\beta f_w)+\\sigma(-\\beta(f_w-f_l))";
        }

        @Override
        public boolean comparesPairs() {
            return true;
        }
    }

    /// (f_w − target)² + (f_l + target)²: draws both scores to fixed values (SPPO, arXiv
    /// 2405.00675, with hard labels; half of it is Cal-DPO's calibration, arXiv 2412.14516).
    record SquaredTargets(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the term.",
                            source = "SPPO: 1; Cal-DPO: 0.5",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Target",
                            symbol = "1/(2β)",
                            unit = "score",
                            help =
                                    "Where the chosen score is drawn to; the rejected one goes to minus it.",
                            source =
                                    "SPPO and Cal-DPO: 1/(2β) with β 0.001 to 0.002, which is 250 to"
                                            + " 500 nat",
                            initial = "500",
                            above = 0,
                            low = 1,
                            high = 1000,
                            scale = Parameter.Scale.LOGARITHMIC)
                    double target)
            implements Unary {
        public SquaredTargets {
            Settings.require(SquaredTargets.class, "weight", weight);
            Settings.require(SquaredTargets.class, "target", target);
        }

        @Override
        public Judgement at(double chosen, double rejected, double beta, double centre) {
            return Judgement.of(
                            present(chosen, f -> Slope.square(f - target)),
                            present(rejected, f -> Slope.square(f + target)))
                    .times(weight);
        }

        @Override
        public String latex() {
            return "\\left(f_w-\\frac1{2\\beta}\\right)^2+\\left(f_l+\\frac1{2\\beta}\\right)^2";
        }
    }
}
