package dev.slimelab.engine.spec;

import static dev.slimelab.engine.objective.Composition.ofLogps;
import static dev.slimelab.engine.objective.Composition.ofRatios;

import dev.slimelab.engine.objective.Anchor;
import dev.slimelab.engine.objective.Anchor.Nll;
import dev.slimelab.engine.objective.Composition;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Margin;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairWeight;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;
import dev.slimelab.engine.objective.Transform;
import dev.slimelab.engine.objective.Unary;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The composition that a configuration of TRL's trainers describes, by TRL's own names: `beta`,
/// `loss_type`, `loss_weights`, `simpo_gamma`, `cpo_alpha`, `center_lambda_chosen`, …
public final class TrlObjective {
    /// Whose configuration it is.
    public enum Trainer {
        /// DPOTrainer of TRL 1.x.
        DPO,
        /// DPOTrainer up to TRL 0.27: `sigmoid` takes `label_smoothing`, `bco_pair` a running mean.
        DPO_027,
        CPO,
        ORPO,
        KTO,
        BCO,
        /// SlimeTrainer of fpsigma/trl-slime.
        SLIME;

        /// The trainer of a word such as `dpo-027`.
        ///
        /// @throws Problem bad request: where there is none
        public static Trainer named(String word) {
            return Arrays.stream(values())
                    .filter(trainer -> Settings.word(trainer.name()).equals(word))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    Problem.badRequest(
                                            "\"" + word + "\" is no trainer that is known.",
                                            "Known are " + words() + "."));
        }

        static String words() {
            return Arrays.stream(values())
                    .map(trainer -> Settings.word(trainer.name()))
                    .collect(Collectors.joining(", "));
        }
    }

    /// Loss types of DPOTrainer that compare pairs; only these look at `f_divergence_type`, and the
    /// last two not even they.
    private static final Set<String> CONTRASTS =
            Set.of(
                    "sigmoid",
                    "sigmoid_norm",
                    "hinge",
                    "ipo",
                    "exo_pair",
                    "robust",
                    "discopop",
                    "aot",
                    "aot_unpaired",
                    "aot_pair");

    private static final Set<String> PER_TOKEN = Set.of("ipo", "sigmoid_norm");

    private final JsonNode settings;

    private TrlObjective(JsonNode settings) {
        this.settings = settings;
    }

    /// Composes what a trainer would train.
    ///
    /// @param settings an object of TRL's names; what is absent has TRL's default
    /// @throws Problem bad request: where a setting has no equivalent, naming it
    public static Objective of(Trainer trainer, JsonNode settings) {
        var config = new TrlObjective(settings);
        return switch (trainer) {
            case DPO -> config.dpo(true);
            case DPO_027 -> config.dpo(false);
            case CPO -> config.cpo();
            case ORPO -> config.orpo();
            case KTO -> config.kto();
            case BCO ->
                    ofRatios(new Reduce.Sum())
                            .beta(config.number("beta", 0.1))
                            .unary(new Unary.Bco(0.5, Unary.Bco.Shift.RUNNING_MEAN))
                            .build();
            case SLIME -> config.slime();
        };
    }

    private Objective slime() {
        return ofLogps(new Reduce.Mean())
                .contrast(
                        new Contrast.DualMargin(
                                number("dist_lambda", 1),
                                Contrast.DualMargin.Hard.HINGE,
                                number("hard_margin", 1.5),
                                Contrast.DualMargin.Soft.GATE,
                                number("soft_margin", 1),
                                number("soft_slope", 2.5)))
                .anchor(new Nll(number("center_lambda_chosen", 0.8), Nll.Average.SEQUENCE_MEAN))
                .stabiliser(
                        new SoftplusPower(
                                number("center_lambda_rejected", 0.0005),
                                number("rejected_penalty_shift", 0.5),
                                number("rejected_power", 2.5),
                                SoftplusPower.Average.TOKEN_MEAN,
                                SoftplusPower.CertainTokens.SKIP))
                .build();
    }

    /// @param current whether as TRL 1.x, and not as TRL up to 0.27
    private Objective dpo(boolean current) {
        List<String> types = lossTypes();
        double beta = number("beta", 0.1);
        Composition composition = scores(types, beta, current);
        if (flag("use_weighting")) {
            composition.pairWeight(new PairWeight.Wpo());
        }
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String type = types.get(i);
            String slot =
                    CONTRASTS.contains(type) ? "contrast" : type.equals("sft") ? "anchor" : "unary";
            if (taken.contains(slot)) {
                throw noEquivalent(
                        "loss_type " + types, "two of its losses would be a " + slot + " term");
            }
            taken.add(slot);
            double weight = lossWeight(i);
            switch (slot) {
                case "contrast" -> composition.contrast(contrast(type, weight, beta, current));
                case "unary" -> composition.unary(unary(type, weight, beta, current));
                default -> composition.anchor(new Nll(weight, Nll.Average.TOKEN_MEAN));
            }
        }
        return composition.build();
    }

    private Composition scores(List<String> types, double beta, boolean current) {
        boolean perToken = types.stream().anyMatch(PER_TOKEN::contains);
        if (perToken && types.size() > 1 && types.stream().anyMatch(type -> sums(type))) {
            throw noEquivalent(
                    "loss_type " + types, "some of it sums over tokens and some averages");
        }
        Reduce reduce =
                settings.path("ld_alpha").isNumber()
                        ? new Reduce.LengthDesensitised(number("ld_alpha", 1))
                        : perToken ? new Reduce.Mean() : new Reduce.Sum();
        if (perToken && !(reduce instanceof Reduce.Mean)) {
            throw noEquivalent("ld_alpha with loss_type " + types, "it is for sums over tokens");
        }
        return (flag("reference_free") ? ofLogps(reduce) : ofRatios(reduce))
                .beta(types.equals(List.of("ipo")) ? 1 : beta)
                .transform(divergence(types, current))
                .loop(loop());
    }

    private Loop loop() {
        return flag("sync_ref_model")
                ? new Loop.ReferenceSync(
                        number("ref_model_mixup_alpha", 0.6),
                        (int) number("ref_model_sync_steps", 512))
                : new Loop.None();
    }

    private static boolean sums(String type) {
        return !PER_TOKEN.contains(type) && !type.equals("sft");
    }

    private Transform divergence(List<String> types, boolean current) {
        String divergence = settings.path("f_divergence_type").asString("reverse_kl");
        boolean looked =
                types.stream().anyMatch(t -> CONTRASTS.contains(t) && !t.startsWith("aot"));
        if (divergence.equals("reverse_kl") || !looked) {
            return new Transform.Identity();
        }
        if (types.stream().anyMatch(t -> !CONTRASTS.contains(t) && !t.equals("sft"))) {
            throw noEquivalent(
                    "f_divergence_type with loss_type " + types,
                    "TRL applies it to some of these losses only");
        }
        return new Transform.FDivergence(
                switch (divergence) {
                    case "forward_kl" -> Transform.FDivergence.Kind.FORWARD_KL;
                    case "js_divergence" -> Transform.FDivergence.Kind.JS;
                    case "alpha_divergence" -> Transform.FDivergence.Kind.ALPHA;
                    default -> throw noEquivalent("f_divergence_type " + divergence, "unknown");
                },
                number("f_alpha_divergence_coef", current ? 0.5 : 1));
    }

    private Contrast contrast(String type, double weight, double beta, boolean current) {
        double smoothing = number("label_smoothing", 0);
        return switch (type) {
            case "sigmoid" -> new Contrast.LogSigmoid(weight, current ? 0 : smoothing);
            case "sigmoid_norm" -> new Contrast.LogSigmoid(weight, 0);
            case "hinge" -> new Contrast.Hinge(weight, 1);
            case "ipo" -> new Contrast.Squared(weight, 1 / (2 * beta));
            case "exo_pair" ->
                    new Contrast.ReverseKl(
                            weight,
                            smoothing,
                            current
                                    ? Contrast.ReverseKl.Logarithms.SINGLE
                                    : Contrast.ReverseKl.Logarithms.EXACT);
            case "robust" -> new Contrast.Robust(weight, smoothing);
            case "discopop" -> new Contrast.BlendExp(weight, number("discopop_tau", 0.05));
            case "aot" -> new Contrast.Sorted(weight, smoothing, Contrast.Sorted.By.MARGINS);
            default -> new Contrast.Sorted(weight, smoothing, Contrast.Sorted.By.SCORES);
        };
    }

    private Unary unary(String type, double weight, double beta, boolean current) {
        return switch (type) {
            case "nca_pair" -> new Unary.Nca(weight);
            case "bco_pair" ->
                    new Unary.Bco(
                            weight, current ? Unary.Bco.Shift.ZERO : Unary.Bco.Shift.RUNNING_MEAN);
            case "sppo_hard" -> new Unary.SquaredTargets(weight, 1 / (2 * beta));
            case "apo_zero" -> new Unary.ApoZero(weight);
            case "apo_down" -> new Unary.ApoDown(weight);
            default -> throw noEquivalent("loss_type " + type, "it is not known");
        };
    }

    private Objective cpo() {
        String type = settings.path("loss_type").asString("sigmoid");
        double beta = number("beta", 0.1);
        double alpha = number("alpha", 0);
        boolean perToken = type.equals("simpo") || type.equals("ipo");
        double smoothing = number("label_smoothing", 0);
        Composition composition =
                ofLogps(perToken ? new Reduce.Mean() : new Reduce.Sum())
                        .beta(type.equals("ipo") ? 1 : beta)
                        .transform(
                                alpha == 0
                                        ? new Transform.Identity()
                                        : new Transform.AlphaReward(alpha))
                        .contrast(
                                switch (type) {
                                    case "sigmoid", "simpo" ->
                                            new Contrast.LogSigmoid(1, smoothing);
                                    case "hinge" -> new Contrast.Hinge(1, 1);
                                    case "ipo" -> new Contrast.Squared(1, 1 / (2 * beta));
                                    default ->
                                            throw noEquivalent(
                                                    "loss_type " + type, "it is not known");
                                });
        if (type.equals("simpo")) {
            composition.margin(new Margin.Constant(number("simpo_gamma", 0.5) / beta));
        }
        double weight = number("cpo_alpha", 1);
        if (weight != 0) {
            composition.anchor(new Nll(weight, Nll.Average.TOKEN_MEAN));
        }
        return composition.build();
    }

    private Objective orpo() {
        return ofLogps(new Reduce.Mean())
                .transform(new Transform.LogOdds())
                .contrast(new Contrast.LogSigmoid(number("beta", 0.1), 0))
                .anchor(
                        new Nll(
                                1,
                                Nll.Average.TOKEN_MEAN,
                                Anchor.Nll.Span.PROMPT_AND_COMPLETION,
                                Anchor.Nll.Scaling.PLAIN))
                .build();
    }

    private Objective kto() {
        double desirable = number("desirable_weight", 1);
        double undesirable = number("undesirable_weight", 1);
        String type = settings.path("loss_type").asString("kto");
        boolean apo = type.equals("apo_zero_unpaired");
        if (!apo && !type.equals("kto")) {
            throw noEquivalent("loss_type " + type, "it is not known");
        }
        if (apo && (desirable != 1 || undesirable != 1)) {
            throw noEquivalent(
                    "desirable_weight and undesirable_weight with apo_zero_unpaired",
                    "the term weighs both answers alike");
        }
        return ofRatios(new Reduce.Sum())
                .beta(number("beta", 0.1))
                .loop(loop())
                .unary(apo ? new Unary.ApoZero(0.5) : new Unary.Kto(0.5, desirable, undesirable))
                .build();
    }

    private List<String> lossTypes() {
        JsonNode given = settings.path("loss_type");
        if (given.isArray() && !given.isEmpty()) {
            return given.values().stream().map(type -> type.asString("")).toList();
        }
        return List.of(given.asString("sigmoid"));
    }

    private double lossWeight(int index) {
        JsonNode weight = settings.path("loss_weights").path(index);
        return weight.isNumber() ? weight.doubleValue() : 1;
    }

    private double number(String name, double initial) {
        JsonNode given = settings.path(name);
        return given.isNumber() ? given.doubleValue() : initial;
    }

    private boolean flag(String name) {
        return settings.path(name).asBoolean(false);
    }

    private static Problem noEquivalent(String what, String why) {
        return Problem.badRequest(
                "TRL's " + what + " has no equivalent here: " + why + ".",
                "Change it, or write the composition under \"objective\" by hand.");
    }
}
