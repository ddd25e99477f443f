package dev.slimelab.engine.model;

import static dev.slimelab.engine.model.TensorSpec.Role.EMBEDDING;
import static dev.slimelab.engine.model.TensorSpec.Role.PROJECTION;
import static dev.slimelab.engine.model.TensorSpec.Role.RESIDUAL_PROJECTION;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The kinds of decoder that can be run and trained; each is a record on this page.
///
/// A family says what `config.json` calls it, which settings it can honour only at one value, and
/// where its tensors are. Everything else about a model is a number in [ModelConfig].
public sealed interface ModelFamily {
    /// `model_type` in `config.json`.
    String modelType();

    /// `architectures` in `config.json`.
    String architecture();

    /// Settings of `config.json` that change the computation and are honoured at this value only,
    /// which is also what their absence means.
    Map<String, Object> fixedSettings();

    /// The tensors of a model of this family, as named by transformers.
    Layout layout(ModelConfig config);

    /// Every family, in the order of this page.
    static List<ModelFamily> all() {
        return Arrays.stream(ModelFamily.class.getPermittedSubclasses())
                .map(ModelFamily::instance)
                .toList();
    }

    private static ModelFamily instance(Class<?> family) {
        try {
            return (ModelFamily) family.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(family + " needs a constructor without arguments", e);
        }
    }

    /// Llama 2 and 3, SmolLM2 and others that use their block: pre-norm, rotary positions, grouped
    /// queries, gated SiLU.
    record Llama() implements ModelFamily {
        @Override
        public String modelType() {
            return "llama";
        }

        @Override
        public String architecture() {
            return "LlamaForCausalLM";
        }

        @Override
        public Map<String, Object> fixedSettings() {
            return Map.of(
                    "attention_bias",
                    false,
                    "mlp_bias",
                    false,
                    "hidden_act",
                    "silu",
                    "attention_dropout",
                    0.0,
                    "pretraining_tp",
                    1,
                    "partial_rotary_factor",
                    1.0);
        }

        @Override
        public Layout layout(ModelConfig config) {
            return new Layout(
                    vocabulary("model.embed_tokens.weight", config),
                    IntStream.range(0, config.layers())
                            .mapToObj(layer -> layer("model.layers." + layer + ".", config))
                            .toList(),
                    TensorSpec.vector("model.norm.weight", config.hiddenSize()),
                    config.tiedEmbeddings() ? null : vocabulary("lm_head.weight", config));
        }

        private static TensorSpec vocabulary(String name, ModelConfig config) {
            return TensorSpec.matrix(name, EMBEDDING, config.vocabSize(), config.hiddenSize());
        }

        private static List<TensorSpec> layer(String at, ModelConfig config) {
            long hidden = config.hiddenSize();
            long inner = config.intermediateSize();
            long queries = (long) config.heads() * config.headDim();
            long keys = (long) config.keyValueHeads() * config.headDim();
            return List.of(
                    TensorSpec.vector(at + "input_layernorm.weight", hidden),
                    TensorSpec.matrix(at + "self_attn.q_proj.weight", PROJECTION, queries, hidden),
                    TensorSpec.matrix(at + "self_attn.k_proj.weight", PROJECTION, keys, hidden),
                    TensorSpec.matrix(at + "self_attn.v_proj.weight", PROJECTION, keys, hidden),
                    TensorSpec.matrix(
                            at + "self_attn.o_proj.weight", RESIDUAL_PROJECTION, hidden, queries),
                    TensorSpec.vector(at + "post_attention_layernorm.weight", hidden),
                    TensorSpec.matrix(at + "mlp.gate_proj.weight", PROJECTION, inner, hidden),
                    TensorSpec.matrix(at + "mlp.up_proj.weight", PROJECTION, inner, hidden),
                    TensorSpec.matrix(
                            at + "mlp.down_proj.weight", RESIDUAL_PROJECTION, hidden, inner));
        }
    }
}
