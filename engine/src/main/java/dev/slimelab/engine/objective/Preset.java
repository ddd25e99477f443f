package dev.slimelab.engine.objective;

import static dev.slimelab.engine.objective.Composition.ofLogps;
import static dev.slimelab.engine.objective.Composition.ofRatios;

import dev.slimelab.engine.objective.Anchor.Nll;
import dev.slimelab.engine.objective.Contrast.BlendExp;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Contrast.Hinge;
import dev.slimelab.engine.objective.Contrast.LogSigmoid;
import dev.slimelab.engine.objective.Contrast.ReverseKl;
import dev.slimelab.engine.objective.Contrast.Robust;
import dev.slimelab.engine.objective.Contrast.Sorted;
import dev.slimelab.engine.objective.Contrast.Squared;
import dev.slimelab.engine.objective.Contrast.TwoSided;
import dev.slimelab.engine.objective.Reduce.Mean;
import dev.slimelab.engine.objective.Reduce.Sum;
import dev.slimelab.engine.objective.Regulariser.ValuePenalty;
import dev.slimelab.engine.objective.Regulariser.ValuePenalty.Best;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;
import dev.slimelab.engine.parameter.Settings;

/// A paper's objective: a named composition with its published values and where they come from.
///
/// Adding a paper made of known parts is one constant here.
@SuppressWarnings("Immutable") // an Objective is records of numbers and constants all the way down
public enum Preset {
    SLIME(
            "SLIME",
            "SLIME, arXiv 2602.02383 v2, Eqs. 5–10 and Appendix A",
            Status.VERIFIED,
            "Chosen log-likelihood stays close to its start, rejected tokens do not fall without"
                    + " bound, and the margin stops growing near the hard margin.",
            slime(DualMargin.Hard.HINGE, DualMargin.Soft.GATE)),
    SLIME_CODE(
            "SLIME as coded",
            "SlimeConfig of the reference code, fpsigma/trl-slime at 042c0972",
            Status.VERIFIED,
            "A strong anchor and a stabiliser of weight 0.0005 that is practically inactive: rejected"
                    + " tokens fall as if there were none.",
            slime(DualMargin.Hard.HINGE, DualMargin.Soft.GATE)
                    .anchor(new Nll(0.8, Nll.Average.SEQUENCE_MEAN))
                    .stabiliser(
                            new SoftplusPower(
                                    0.0005,
                                    0.5,
                                    2.5,
                                    SoftplusPower.Average.TOKEN_MEAN,
                                    SoftplusPower.CertainTokens.SKIP))),
    SLIME_WITHOUT_CHOSEN(
            "SLIME without anchor",
            "SLIME, Table 4, “w/o chosen”: λ_w = 0",
            Status.VERIFIED,
            "The chosen answer loses a little more likelihood than with the anchor.",
            slime(DualMargin.Hard.HINGE, DualMargin.Soft.GATE).anchor(null)),
    SLIME_WITHOUT_REJECTED(
            "SLIME without stabiliser",
            "SLIME, Table 4, “w/o rejected”: λ_l = 0",
            Status.VERIFIED,
            "Rejected tokens fall without bound and greedy answers lose their form at large steps.",
            slime(DualMargin.Hard.HINGE, DualMargin.Soft.GATE).stabiliser(null)),
    SLIME_WITHOUT_SOFT(
            "SLIME without soft margin",
            "SLIME, Table 4, “w/o soft”: the gate left out, a plain hinge",
            Status.VERIFIED,
            "Pairs are pushed with slope 1 up to the hard margin.",
            slime(DualMargin.Hard.HINGE, DualMargin.Soft.OFF)),
    SLIME_WITHOUT_HARD(
            "SLIME without hard margin (A)",
            "SLIME, Table 4, “w/o hard”; the paper gives no formula, here the factor is left out",
            Status.RECONSTRUCTED,
            "A bounded push that fades for pairs far below the soft margin, so the margin hardly"
                    + " grows.",
            slime(DualMargin.Hard.OFF, DualMargin.Soft.GATE)),
    SLIME_WITHOUT_HARD_LINEAR(
            "SLIME without hard margin (B)",
            "SLIME, Table 4, “w/o hard”; the paper gives no formula, here the factor keeps its line"
                    + " beyond the margin",
            Status.RECONSTRUCTED,
            "As SLIME below the hard margin; beyond it drawn back to about 1.94.",
            slime(DualMargin.Hard.LINEAR, DualMargin.Soft.GATE)),
    STAPO(
            "StaPO",
            "Stable Preference Optimization via Two-sided Contrastive Learning, OpenReview"
                    + " ke1f4IVR47; loss read from pictures, score and values assumed",
            Status.RECONSTRUCTED,
            "The margin settles between both margins instead of growing; the chosen log-likelihood"
                    + " falls less than with SimPO.",
            ofLogps(new Mean()).beta(2).contrast(new TwoSided(1, 0.5, 0.7))),
    SPO_LINEAR(
            "SPO, linear, on SimPO",
            "Bilevel SPO, arXiv 2507.07723; rebuilt from its abstract",
            Status.RECONSTRUCTED,
            "Exactly SimPO with an NLL anchor of weight λ.",
            spo(ValuePenalty.Shape.LINEAR, new Best.FrozenReference())),
    SPO_HINGE(
            "SPO, hinge, on SimPO",
            "Bilevel SPO, arXiv 2507.07723; rebuilt from its abstract",
            Status.RECONSTRUCTED,
            "The chosen likelihood is held where it would fall below the reference, and left alone"
                    + " above.",
            spo(ValuePenalty.Shape.HINGE, new Best.FrozenReference())),
    SPO_SQUARED(
            "SPO, squared hinge, on SimPO",
            "Bilevel SPO, arXiv 2507.07723; rebuilt from its abstract",
            Status.RECONSTRUCTED,
            "As the hinge, softer near the constraint and harder far from it.",
            spo(ValuePenalty.Shape.SQUARED_HINGE, new Best.FrozenReference())),
    SPO_CONSTANT(
            "SPO, fixed optimum, on SimPO",
            "Bilevel SPO, arXiv 2507.07723; rebuilt from its abstract",
            Status.RECONSTRUCTED,
            "The chosen NLL is held below a value that you measure on an SFT run and set as G*.",
            spo(ValuePenalty.Shape.HINGE, new Best.Constant(1))),
    SPO_INNER(
            "SPO, inner steps, on SimPO",
            "Bilevel SPO, arXiv 2507.07723; rebuilt from its abstract",
            Status.RECONSTRUCTED,
            "A shadow copy takes supervised steps first; the policy is drawn towards its NLL. Each"
                    + " inner step costs about a training step.",
            spo(ValuePenalty.Shape.HINGE, new Best.InnerSteps()).loop(new Loop.InnerSft(1, 0.01))),
    DPO(
            "DPO",
            "Direct Preference Optimization, arXiv 2305.18290",
            Status.VERIFIED,
            "Starts at ln 2 where policy and reference agree. The margin grows without bound; the"
                    + " chosen log-likelihood often falls with the rejected one.",
            dpo(0.1)),
    CDPO(
            "cDPO",
            "Conservative DPO, note of E. Mitchell (2023); TRL 0.27 `sigmoid` with `label_smoothing`,"
                    + " ε 0.2 as in HALOs",
            Status.VERIFIED,
            "As DPO, but the margin settles at log((1−ε)/ε)/β.",
            dpo(0.1).contrast(new LogSigmoid(1, 0.2))),
    ROBUST(
            "Robust DPO",
            "Provably Robust DPO, arXiv 2403.00409",
            Status.VERIFIED,
            "cDPO without its bias; unbounded below as the margin grows.",
            dpo(0.1).contrast(new Robust(1, 0.1))),
    IPO(
            "IPO",
            "Identity Preference Optimization, arXiv 2310.12036; per token, as its authors confirmed"
                    + " to TRL, τ 0.1",
            Status.VERIFIED,
            "Starts at 1/(4τ²) and draws every margin to 1/(2τ), from both sides.",
            ofRatios(new Mean()).contrast(new Squared(1, 5))),
    SIMPO(
            "SimPO",
            "SimPO, arXiv 2405.14734; β 2 and γ/β 0.5 as for Llama-3-Base in princeton-nlp/SimPO",
            Status.VERIFIED,
            "No reference. The margin grows fast; at large steps the chosen log-likelihood falls and"
                    + " the format of answers can collapse.",
            simpo()),
    SIMPO_AS_RUN_BY_SLIME(
            "SimPO as run by SLIME",
            "The baseline in the code of SLIME: TRL's CPOTrainer with `loss_type` simpo, β 0.1, γ 2"
                    + " and `cpo_alpha` left at 1",
            Status.VERIFIED,
            "Far from SimPO's own settings: a weak contrast beside a full NLL anchor.",
            ofLogps(new Mean())
                    .beta(0.1)
                    .margin(new Margin.Constant(20))
                    .contrast(new LogSigmoid(1, 0))
                    .anchor(new Nll(1, Nll.Average.TOKEN_MEAN))),
    CPO(
            "CPO",
            "Contrastive Preference Optimization, arXiv 2401.08417",
            Status.VERIFIED,
            "Reference-free DPO with an NLL anchor; the chosen likelihood rises.",
            ofLogps(new Sum())
                    .beta(0.1)
                    .contrast(new LogSigmoid(1, 0))
                    .anchor(new Nll(1, Nll.Average.TOKEN_MEAN))),
    CPO_SIMPO(
            "CPO-SimPO",
            "fe1ixxu/CPO_SIMPO; TRL's CPOTrainer with `loss_type` simpo and `cpo_alpha` 0.5",
            Status.VERIFIED,
            "SimPO held up by an NLL anchor.",
            simpo().anchor(new Nll(0.5, Nll.Average.TOKEN_MEAN))),
    ORPO(
            "ORPO",
            "Odds Ratio Preference Optimization, arXiv 2403.07691; NLL over prompt and completion, as"
                    + " in TRL",
            Status.VERIFIED,
            "Supervised fine-tuning with a mild contrast; for base models, without an SFT stage.",
            ofLogps(new Mean())
                    .transform(new Transform.LogOdds())
                    .contrast(new LogSigmoid(0.1, 0))
                    .anchor(
                            new Nll(
                                    1,
                                    Nll.Average.TOKEN_MEAN,
                                    Nll.Span.PROMPT_AND_COMPLETION,
                                    Nll.Scaling.PLAIN))),
    KTO(
            "KTO",
            "Kahneman–Tversky Optimization, arXiv 2402.01306",
            Status.VERIFIED,
            "Needs no pairs. Answers far from the reference, either way, stop being pushed.",
            ofRatios(new Sum()).beta(0.1).unary(new Unary.Kto(0.5, 1, 1))),
    SLIC(
            "SLiC-HF",
            "SLiC-HF, arXiv 2305.10425; δ 1 and λ 0.1 as in HALOs, NLL summed over the chosen answer",
            Status.VERIFIED,
            "A hinge on summed log-probs beside an NLL anchor; no reference.",
            ofLogps(new Sum()).contrast(new Hinge(1, 1)).anchor(new Nll(0.1, Nll.Average.SUM))),
    HINGE(
            "Hinge (RSO)",
            "RSO's hinge-norm, arXiv 2309.06657; `hinge` in TRL",
            Status.VERIFIED,
            "Pairs stop being pushed once βH reaches 1.",
            dpo(0.05).contrast(new Hinge(1, 1))),
    DPO_LENGTH_NORMALISED(
            "DPO, length-normalised",
            "Tülu 3, arXiv 2411.15124; `sigmoid_norm` in TRL, β 5 as in Tülu 3",
            Status.VERIFIED,
            "DPO per token, without its preference for long answers.",
            ofRatios(new Mean()).beta(5).contrast(new LogSigmoid(1, 0))),
    DPOP(
            "DPOP",
            "DPO-Positive (Smaug), arXiv 2402.13228; β 0.3 and λ 50 of community presets",
            Status.RECONSTRUCTED,
            "The chosen likelihood hardly falls below the reference.",
            dpo(0.3).anchor(new Anchor.ReferenceFloor(50))),
    R_DPO(
            "R-DPO",
            "Length-regularised DPO, arXiv 2403.19159; plus sign by derivation",
            Status.RECONSTRUCTED,
            "Answers grow less than with DPO.",
            dpo(0.1).margin(new Margin.Length(0.05))),
    RPO(
            "RPO, cumulative",
            "Regularized Preference Optimization, arXiv 2405.16436, main code: NLL summed, times β·η;"
                    + " β 0.01, η 0.005",
            Status.VERIFIED,
            "DPO with a light NLL anchor; the chosen likelihood falls less.",
            dpo(0.01)
                    .anchor(
                            new Nll(
                                    0.005,
                                    Nll.Average.SUM,
                                    Nll.Span.COMPLETION,
                                    Nll.Scaling.TIMES_BETA))),
    RPO_AVERAGE(
            "RPO, average",
            "Regularized Preference Optimization, arXiv 2405.16436, OpenRLHF code: NLL per token, times"
                    + " η; β 0.5, η 0.2",
            Status.VERIFIED,
            "DPO with an NLL anchor per token; its authors' choice for reasoning.",
            dpo(0.5).anchor(new Nll(0.2, Nll.Average.SEQUENCE_MEAN))),
    ALPHA_DPO(
            "α-DPO as coded",
            "α-DPO, arXiv 2410.10148, junkangwu/alpha-DPO; Gemma-2 values",
            Status.VERIFIED,
            "SimPO whose margin follows how far each pair already is from the reference.",
            alphaDpo(Margin.Adaptive.Scaling.TIMES_BETA)),
    ALPHA_DPO_PAPER(
            "α-DPO as written",
            "α-DPO, arXiv 2410.10148: the adaptive part without β",
            Status.VERIFIED,
            "As the code, with an adaptive part β times weaker.",
            alphaDpo(Margin.Adaptive.Scaling.PLAIN)),
    BETA_DPO(
            "β-DPO",
            "β-DPO, arXiv 2407.08639, junkangwu/beta-DPO",
            Status.VERIFIED,
            "Outlying pairs are left out, and β grows with the batch's margin.",
            dpo(0.1).pairWeight(new PairWeight.BetaDpo(0.2, 0.6, 0.9))),
    CAL_DPO(
            "Cal-DPO",
            "Cal-DPO, arXiv 2412.14516, tengxiao1/Cal-DPO; β 0.001, so targets ±500",
            Status.VERIFIED,
            "The chosen reward rises instead of falling with the rejected one.",
            dpo(1).unary(new Unary.SquaredTargets(0.5, 500))),
    ALPHA_PO(
            "AlphaPO",
            "AlphaPO, arXiv 2501.03884; `alpha` of TRL's CPO",
            Status.VERIFIED,
            "SimPO with a bent reward: improbable answers are punished more than in proportion.",
            ofLogps(new Mean())
                    .transform(new Transform.AlphaReward(0.25))
                    .beta(2.5)
                    .margin(new Margin.Constant(0.04))
                    .contrast(new LogSigmoid(1, 0))),
    EXO(
            "EXO",
            "Efficient Exact Optimization, arXiv 2402.00856; `exo_pair` in TRL, ε 0.001",
            Status.VERIFIED,
            "Mode-seeking: the margin settles at log((1−ε)/ε)/β.",
            dpo(0.1).contrast(new ReverseKl(1, 0.001, ReverseKl.Logarithms.EXACT))),
    NCA(
            "NCA",
            "Noise Contrastive Alignment, arXiv 2402.05369",
            Status.VERIFIED,
            "The chosen likelihood is kept from falling.",
            judging(0.01, new Unary.Nca(1))),
    SPPO(
            "SPPO",
            "Self-Play Preference Optimization, arXiv 2405.00675, hard labels; β 0.001",
            Status.VERIFIED,
            "Both log-ratios are drawn to fixed targets.",
            judging(1, new Unary.SquaredTargets(1, 500))),
    AOT(
            "AOT",
            "Alignment via Optimal Transport, arXiv 2406.05882, paired",
            Status.VERIFIED,
            "Compares the distribution of margins with the reference's; couples the batch.",
            dpo(0.01).contrast(new Sorted(1, 0, Sorted.By.MARGINS))),
    AOT_UNPAIRED(
            "AOT, unpaired",
            "Alignment via Optimal Transport, arXiv 2406.05882, unpaired",
            Status.VERIFIED,
            "Compares the distributions of chosen and rejected scores; couples the batch.",
            dpo(0.01).contrast(new Sorted(1, 0, Sorted.By.SCORES))),
    APO_ZERO(
            "APO-zero",
            "Anchored Preference Optimization, arXiv 2408.06266",
            Status.VERIFIED,
            "Raises chosen and lowers rejected answers, each for itself.",
            judging(0.1, new Unary.ApoZero(1))),
    APO_DOWN(
            "APO-down",
            "Anchored Preference Optimization, arXiv 2408.06266",
            Status.VERIFIED,
            "Lowers the chosen answers on purpose, the rejected ones more.",
            judging(0.1, new Unary.ApoDown(1))),
    DISCO_POP(
            "DiscoPOP",
            "Discovered Preference Optimization, arXiv 2406.08414",
            Status.VERIFIED,
            "A blend of logistic and exponential loss; not convex.",
            dpo(0.05).contrast(new BlendExp(1, 0.05))),
    BCO(
            "BCO",
            "Binary Classifier Optimization, arXiv 2404.04656; β 0.01, mean over answers as in TRL",
            Status.VERIFIED,
            "Needs no pairs; rewards are compared with their running mean.",
            judging(0.01, new Unary.Bco(0.5, Unary.Bco.Shift.RUNNING_MEAN))),
    TR_DPO(
            "TR-DPO",
            "Trust Region DPO, arXiv 2404.09656; α 0.6, τ 512, β 0.05",
            Status.VERIFIED,
            "DPO whose reference follows the policy; the margin restarts at each move.",
            dpo(0.05).loop(new Loop.ReferenceSync(0.6, 512))),
    SGDPO(
            "SGDPO",
            "Self-Guided DPO, arXiv 2505.12435, WNQzhu/SGDPO: pilots carry no gradient",
            Status.VERIFIED,
            "DPO against random parts of the other answer.",
            ofRatios(new Reduce.Pilots(0.6, 0.9)).beta(0.1).contrast(new LogSigmoid(1, 0))),
    ASPO_TEXT(
            "ASPO, text only",
            "ASPO, arXiv 2505.19100, read through notes; perplexity weights only, approximate",
            Status.RECONSTRUCTED,
            "DPO in which fluent sentences of the chosen answer count more.",
            ofRatios(new Reduce.SentenceWeighted()).beta(0.1).contrast(new LogSigmoid(1, 0))),
    WPO(
            "WPO",
            "Weighted Preference Optimization, arXiv 2406.11827; `use_weighting` in TRL",
            Status.VERIFIED,
            "DPO in which pairs that the policy would not write any more fade out.",
            dpo(0.01).pairWeight(new PairWeight.Wpo())),
    LD_DPO(
            "LD-DPO",
            "Length-desensitised DPO, arXiv 2409.06411; `ld_alpha` in TRL",
            Status.VERIFIED,
            "DPO in which the longer answer's excess tokens count half.",
            ofRatios(new Reduce.LengthDesensitised(0.5)).beta(0.1).contrast(new LogSigmoid(1, 0))),
    F_DPO(
            "f-DPO",
            "f-DPO, arXiv 2309.16240; forward KL, `f_divergence_type` in TRL",
            Status.VERIFIED,
            "DPO kept near the reference in another divergence; the forward KL covers its mass.",
            dpo(0.1).transform(
                            new Transform.FDivergence(Transform.FDivergence.Kind.FORWARD_KL, 0.5))),
    ODPO(
            "ODPO",
            "DPO with an offset, arXiv 2402.10571; offsets come from the data",
            Status.VERIFIED,
            "Pairs of clearly different quality are driven further apart.",
            dpo(0.1).margin(new Margin.PerPair(1))),
    MPO(
            "MPO",
            "Mixed Preference Optimization, arXiv 2411.10442; DPO 0.8, BCO 0.2 and SFT 1, as in TRL",
            Status.VERIFIED,
            "A weighted sum that compares, judges and imitates at once.",
            dpo(0.1).contrast(new LogSigmoid(0.8, 0))
                    .unary(new Unary.Bco(0.2, Unary.Bco.Shift.ZERO))
                    .anchor(new Nll(1, Nll.Average.TOKEN_MEAN))),
    SFT(
            "SFT",
            "Cross-entropy on the chosen answers, mean over tokens",
            Status.VERIFIED,
            "Raises the chosen log-likelihood and does not look at the rejected answer.",
            ofLogps(new Mean()).anchor(new Nll(1, Nll.Average.TOKEN_MEAN)));

    /// How sure we are that a preset is what its paper describes.
    public enum Status {
        /// Read in the paper's full text or the authors' code, and checked against golden numbers.
        VERIFIED,
        /// Rebuilt from an abstract or from second-hand notes.
        RECONSTRUCTED
    }

    private final String label;
    private final String citation;
    private final Status status;
    private final String behaviour;
    private final Objective objective;

    Preset(String label, String citation, Status status, String behaviour, Composition parts) {
        this.label = label;
        this.citation = citation;
        this.status = status;
        this.behaviour = behaviour;
        this.objective = parts.build();
    }

    /// The word in a spec, for example `slime-code`.
    public String id() {
        return Settings.word(name());
    }

    public String label() {
        return label;
    }

    /// Paper, equations or code that the composition was taken from.
    public String citation() {
        return citation;
    }

    public Status status() {
        return status;
    }

    /// How this loss should behave when all is well.
    public String behaviour() {
        return behaviour;
    }

    public Objective objective() {
        return objective;
    }

    private static Composition slime(DualMargin.Hard hard, DualMargin.Soft soft) {
        return ofLogps(new Mean())
                .contrast(new DualMargin(1, hard, 1.5, soft, 1, 2.5))
                .anchor(new Nll(0.1, Nll.Average.SEQUENCE_MEAN))
                .stabiliser(
                        new SoftplusPower(
                                0.1,
                                1.25,
                                2.5,
                                SoftplusPower.Average.SEQUENCE_MEAN,
                                SoftplusPower.CertainTokens.COUNT));
    }

    private static Composition simpo() {
        return ofLogps(new Mean())
                .beta(2)
                .margin(new Margin.Constant(0.5))
                .contrast(new LogSigmoid(1, 0));
    }

    private static Composition spo(ValuePenalty.Shape shape, Best best) {
        return simpo().regulariser(
                        new ValuePenalty(
                                1,
                                shape,
                                best,
                                0,
                                Nll.Average.SEQUENCE_MEAN,
                                ValuePenalty.Scope.BATCH));
    }

    private static Composition dpo(double beta) {
        return ofRatios(new Sum()).beta(beta).contrast(new LogSigmoid(1, 0));
    }

    private static Composition judging(double beta, Unary unary) {
        return ofRatios(new Sum()).beta(beta).unary(unary);
    }

    private static Composition alphaDpo(Margin.Adaptive.Scaling scaling) {
        return ofLogps(new Mean())
                .beta(10)
                .margin(new Margin.Adaptive(0.4, 0.05, 0.9, scaling))
                .contrast(new LogSigmoid(1, 0));
    }
}
