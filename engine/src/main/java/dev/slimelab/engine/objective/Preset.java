package dev.slimelab.engine.objective;

import dev.slimelab.engine.objective.Anchor.Nll;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Contrast.LogSigmoid;
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
            dualMargin(
                    new Nll(0.1, Nll.Average.SEQUENCE_MEAN),
                    new SoftplusPower(
                            0.1,
                            1.25,
                            2.5,
                            SoftplusPower.Average.SEQUENCE_MEAN,
                            SoftplusPower.CertainTokens.COUNT))),
    SLIME_CODE(
            "SLIME as coded",
            "SlimeConfig of the reference code, fpsigma/trl-slime at 042c0972",
            Status.VERIFIED,
            "A strong anchor and a stabiliser of weight 0.0005 that is practically inactive: rejected"
                    + " tokens fall as if there were none.",
            dualMargin(
                    new Nll(0.8, Nll.Average.SEQUENCE_MEAN),
                    new SoftplusPower(
                            0.0005,
                            0.5,
                            2.5,
                            SoftplusPower.Average.TOKEN_MEAN,
                            SoftplusPower.CertainTokens.SKIP))),
    DPO(
            "DPO",
            "Direct Preference Optimization, arXiv 2305.18290",
            Status.VERIFIED,
            "Starts at ln 2 where policy and reference agree. The margin grows without bound; the"
                    + " chosen log-likelihood often falls with the rejected one.",
            contrastOnly(new Reduce.Sum(), Reference.FROZEN, 0.1, new Margin.Zero())),
    SIMPO(
            "SimPO",
            "SimPO, arXiv 2405.14734; β 2 and γ/β 0.5 as for Llama-3-Base in princeton-nlp/SimPO",
            Status.VERIFIED,
            "No reference. The margin grows fast; at large steps the chosen log-likelihood falls and"
                    + " the format of answers can collapse.",
            contrastOnly(new Reduce.Mean(), Reference.NONE, 2, new Margin.Constant(0.5))),
    SFT(
            "SFT",
            "Cross-entropy on the chosen answers, mean over tokens",
            Status.VERIFIED,
            "Raises the chosen log-likelihood and does not look at the rejected answer.",
            new Objective(
                    new Reduce.Mean(),
                    Reference.NONE,
                    1,
                    new Margin.Zero(),
                    null,
                    new Nll(1, Nll.Average.TOKEN_MEAN),
                    null,
                    1));

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

    Preset(String label, String citation, Status status, String behaviour, Objective objective) {
        this.label = label;
        this.citation = citation;
        this.status = status;
        this.behaviour = behaviour;
        this.objective = objective;
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

    private static Objective dualMargin(Anchor anchor, Stabiliser stabiliser) {
        return new Objective(
                new Reduce.Mean(),
                Reference.NONE,
                1,
                new Margin.Zero(),
                new DualMargin(1, DualMargin.Hard.HINGE, 1.5, DualMargin.Soft.GATE, 1, 2.5),
                anchor,
                stabiliser,
                1);
    }

    private static Objective contrastOnly(
            Reduce reduce, Reference reference, double beta, Margin margin) {
        return new Objective(reduce, reference, beta, margin, new LogSigmoid(1, 0), null, null, 1);
    }
}
