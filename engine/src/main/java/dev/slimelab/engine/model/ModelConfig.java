package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

/// The numbers that describe a decoder.
///
/// @param heads of queries; a multiple of `keyValueHeads`
/// @param headDim width of a head; even
/// @param normEpsilon added to the mean square in the norms
/// @param tiedEmbeddings the head's matrix is the embedding's
/// @param initializerRange standard deviation of random weights
/// @param maxPositions the longest row the model was made for; longer ones are refused
public record ModelConfig(
        ModelFamily family,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        double normEpsilon,
        Rope rope,
        boolean tiedEmbeddings,
        double initializerRange,
        int maxPositions,
        SpecialTokens specialTokens) {
    public ModelConfig {
        atLeastOne("vocab_size", vocabSize);
        atLeastOne("hidden_size", hiddenSize);
        atLeastOne("intermediate_size", intermediateSize);
        atLeastOne("num_hidden_layers", layers);
        atLeastOne("num_attention_heads", heads);
        atLeastOne("num_key_value_heads", keyValueHeads);
        atLeastOne("head_dim", headDim);
        atLeastOne("max_position_embeddings", maxPositions);
        if (heads % keyValueHeads != 0) {
            throw refused("num_attention_heads", heads, "a multiple of num_key_value_heads");
        }
        if (headDim % 2 != 0) {
            throw refused("head_dim", headDim, "even, because rotary positions turn pairs");
        }
        if (!(normEpsilon > 0)) {
            throw refused("rms_norm_eps", normEpsilon, "above 0");
        }
        if (!(initializerRange >= 0)) {
            throw refused("initializer_range", initializerRange, "0 or more");
        }
        if (!(rope.theta() > 0)) {
            throw refused("rope_theta", rope.theta(), "above 0");
        }
    }

    /// The tensors a model of this configuration has.
    Layout layout() {
        return family.layout(this);
    }

    private static void atLeastOne(String setting, int value) {
        if (value < 1) {
            throw refused(setting, value, "1 or more");
        }
    }

    private static Problem refused(String setting, Object value, String wanted) {
        return Problem.badRequest(
                "The model's %s is %s.".formatted(setting, value),
                "It must be %s.".formatted(wanted));
    }
}
