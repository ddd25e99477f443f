package dev.slimelab.engine.model;

import static dev.slimelab.engine.model.TensorSpec.Role.BIAS;
import static dev.slimelab.engine.model.TensorSpec.Role.EMBEDDING;
import static dev.slimelab.engine.model.TensorSpec.Role.NORM;
import static dev.slimelab.engine.model.TensorSpec.Role.PROJECTION;
import static dev.slimelab.engine.model.TensorSpec.Role.RESIDUAL_PROJECTION;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// The tensors of a model, by their place in the network, named as transformers names those of a
/// text model.
///
/// @param layers for each layer the tensors it has
/// @param head absent where the head is the embedding
record Layout(
        TensorSpec embedding,
        List<Map<LayerTensor, TensorSpec>> layers,
        TensorSpec finalNorm,
        @Nullable TensorSpec head) {
    static final String HEAD = "lm_head.weight";

    static Layout of(ModelConfig config) {
        return new Layout(
                vocabulary("model.embed_tokens.weight", config),
                IntStream.range(0, config.layers())
                        .mapToObj(layer -> layer("model.layers." + layer + ".", config))
                        .toList(),
                TensorSpec.vector("model.norm.weight", NORM, config.hiddenSize()),
                config.tiedEmbeddings() ? null : headOf(config));
    }

    /// The head's matrix, whether or not it is a tensor of its own.
    static TensorSpec headOf(ModelConfig config) {
        return vocabulary(HEAD, config);
    }

    private static TensorSpec vocabulary(String name, ModelConfig config) {
        return TensorSpec.matrix(name, EMBEDDING, config.vocabSize(), config.hiddenSize());
    }

    private static Map<LayerTensor, TensorSpec> layer(String at, ModelConfig config) {
        ModelFamily.Block block = config.family().block();
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.keyValueHeads() * config.headDim();
        String attention = at + "self_attn.";
        String mlp = at + "mlp.";
        var layer = new EnumMap<LayerTensor, TensorSpec>(LayerTensor.class);
        layer.put(LayerTensor.INPUT_NORM, norm(at + "input_layernorm", hidden));
        layer.put(LayerTensor.QUERY, projection(attention + "q_proj", queries, hidden));
        layer.put(LayerTensor.KEY, projection(attention + "k_proj", keys, hidden));
        layer.put(LayerTensor.VALUE, projection(attention + "v_proj", keys, hidden));
        layer.put(
                LayerTensor.OUTPUT,
                TensorSpec.matrix(
                        attention + "o_proj.weight", RESIDUAL_PROJECTION, hidden, queries));
        if (block.biases()) {
            layer.put(LayerTensor.QUERY_BIAS, bias(attention + "q_proj", queries));
            layer.put(LayerTensor.KEY_BIAS, bias(attention + "k_proj", keys));
            layer.put(LayerTensor.VALUE_BIAS, bias(attention + "v_proj", keys));
        }
        if (block.headNorms()) {
            layer.put(LayerTensor.QUERY_NORM, norm(attention + "q_norm", config.headDim()));
            layer.put(LayerTensor.KEY_NORM, norm(attention + "k_norm", config.headDim()));
        }
        if (block.outputNorms()) {
            layer.put(
                    LayerTensor.ATTENTION_OUTPUT_NORM,
                    norm(at + "post_attention_layernorm", hidden));
            layer.put(LayerTensor.MLP_NORM, norm(at + "pre_feedforward_layernorm", hidden));
            layer.put(LayerTensor.MLP_OUTPUT_NORM, norm(at + "post_feedforward_layernorm", hidden));
        } else {
            layer.put(LayerTensor.MLP_NORM, norm(at + "post_attention_layernorm", hidden));
        }
        layer.put(LayerTensor.GATE, projection(mlp + "gate_proj", inner, hidden));
        layer.put(LayerTensor.UP, projection(mlp + "up_proj", inner, hidden));
        layer.put(
                LayerTensor.DOWN,
                TensorSpec.matrix(mlp + "down_proj.weight", RESIDUAL_PROJECTION, hidden, inner));
        return layer;
    }

    private static TensorSpec norm(String module, long size) {
        return TensorSpec.vector(module + ".weight", NORM, size);
    }

    private static TensorSpec bias(String module, long size) {
        return TensorSpec.vector(module + ".bias", BIAS, size);
    }

    private static TensorSpec projection(String module, long out, long in) {
        return TensorSpec.matrix(module + ".weight", PROJECTION, out, in);
    }

    /// The matrix of a projection, which every layer has.
    TensorSpec weight(int layer, Projection projection) {
        return Objects.requireNonNull(layers.get(layer).get(projection.weight()));
    }

    /// All tensors, in the order in which they are saved.
    List<TensorSpec> all() {
        var all = new ArrayList<TensorSpec>();
        all.add(embedding);
        layers.forEach(layer -> all.addAll(layer.values()));
        all.add(finalNorm);
        if (head != null) {
            all.add(head);
        }
        return all;
    }
}
