package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import java.util.List;

/// The numbers that describe a decoder.
///
/// @param decoderPath where transformers has the decoder inside the model, such as `model`: part of
///   the names of its tensors and adapters
/// @param attention of each layer
/// @param heads of queries; a multiple of `keyValueHeads`
/// @param headDim width of a head; even
/// @param scoreScalar attention scores are divided by its square root
/// @param normEpsilon added to the mean square in the norms
/// @param tiedEmbeddings the head's matrix is the embedding's
/// @param initializerRange standard deviation of random weights
/// @param maxPositions the longest row the model was made for; longer ones are refused
public record ModelConfig(
        ModelFamily family,
        String decoderPath,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        List<Attention> attention,
        int heads,
        int keyValueHeads,
        int headDim,
        int scoreScalar,
        double normEpsilon,
        boolean tiedEmbeddings,
        double initializerRange,
        int maxPositions,
        SpecialTokens specialTokens) {
    /// Where text models have their decoder.
    static final String TEXT_DECODER = "model";

    /// Where multimodal models have the decoder of their text half.
    static final String MULTIMODAL_DECODER = "model.language_model";

    public ModelConfig {
        attention = List.copyOf(attention);
        atLeastOne("vocab_size", vocabSize);
        atLeastOne("hidden_size", hiddenSize);
        atLeastOne("intermediate_size", intermediateSize);
        atLeastOne("num_hidden_layers", attention.size());
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
        atLeastOne("query_pre_attn_scalar", scoreScalar);
        above0("rms_norm_eps", normEpsilon);
        attention.forEach(layer -> above0("rope_theta", layer.rope().theta()));
        if (!(initializerRange >= 0)) {
            throw refused("initializer_range", initializerRange, "0 or more");
        }
    }

    public int layers() {
        return attention.size();
    }

    /// The same model with a head of its own.
    ModelConfig untied() {
        return new ModelConfig(
                family,
                decoderPath,
                vocabSize,
                hiddenSize,
                intermediateSize,
                attention,
                heads,
                keyValueHeads,
                headDim,
                scoreScalar,
                normEpsilon,
                false,
                initializerRange,
                maxPositions,
                specialTokens);
    }

    /// The tensors a model of this configuration has.
    Layout layout() {
        return Layout.of(this);
    }

    private static void above0(String setting, double value) {
        if (!(value > 0)) {
            throw refused(setting, value, "above 0");
        }
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
