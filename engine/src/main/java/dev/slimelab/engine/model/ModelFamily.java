package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The kinds of decoder that can be run and trained; each is a record on this page.
///
/// All are pre-norm decoders with rotary positions, grouped queries and a gated MLP. A family says
/// what `config.json` calls it and leaves out, which settings it can honour only at one value, what
/// its block has beside Llama's, and how its layers attend. Everything else about a model is a
/// number in [ModelConfig].
public sealed interface ModelFamily {
    /// `model_type` in `config.json`.
    String modelType();

    /// `architectures` in `config.json`.
    String architecture();

    /// The `model_type` of checkpoints that hold a model of this family as their text half, its
    /// settings under `text_config`; null where there are none.
    default @Nullable String multimodalType() {
        return null;
    }

    /// What the block has beside that of Llama.
    Block block();

    /// What transformers assumes for settings that `config.json` leaves out, where that is not what
    /// it assumes for Llama.
    default Map<String, Object> defaults() {
        return Map.of();
    }

    /// Settings of `config.json` that change the computation and are honoured at this value only,
    /// which is also what their absence means.
    Map<String, Object> fixedSettings();

    /// Settings of `config.json` that are honoured only where they are absent or null.
    default List<String> absentSettings() {
        return List.of();
    }

    /// How each layer attends.
    List<Attention> attention(ConfigReader config);

    /// Writes what [#attention] reads.
    default void writeAttention(ObjectNode json, ModelConfig config) {
        RopeSettings.write(json, config.attention().getFirst().rope());
    }

    /// What distinguishes the blocks of families.
    ///
    /// @param biases the query, key and value projections have one
    /// @param headNorms each head's query and key are normed before they are turned
    /// @param outputNorms attention and MLP end in a norm, before their result is added
    /// @param normOffset added to the norms' weights
    /// @param gelu the gate goes through GELU (approximated with tanh) instead of SiLU
    /// @param scoreScalar `query_pre_attn_scalar` says by what root attention scores are divided
    /// @param scaledEmbedding token vectors are multiplied by the square root of their width
    record Block(
            boolean biases,
            boolean headNorms,
            boolean outputNorms,
            double normOffset,
            boolean gelu,
            boolean scoreScalar,
            boolean scaledEmbedding) {
        static final Block LLAMA = new Block(false, false, false, 0, false, false, false);
    }

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

    /// Llama 2 and 3, SmolLM2 and others that use their block.
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
        public Block block() {
            return Block.LLAMA;
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
        public List<String> absentSettings() {
            return List.of("layer_types", "sliding_window");
        }

        @Override
        public List<Attention> attention(ConfigReader config) {
            return LayerTypes.uniform(config, Attention.full(RopeSettings.read(config)));
        }
    }

    /// Mistral 7B and its descendants: every layer looks back a window, or none does.
    record Mistral() implements ModelFamily {
        @Override
        public String modelType() {
            return "mistral";
        }

        @Override
        public String architecture() {
            return "MistralForCausalLM";
        }

        @Override
        public Block block() {
            return Block.LLAMA;
        }

        @Override
        public Map<String, Object> defaults() {
            return Map.of(
                    "num_key_value_heads",
                    8,
                    "max_position_embeddings",
                    131_072,
                    "sliding_window",
                    4096);
        }

        @Override
        public Map<String, Object> fixedSettings() {
            return Map.of(
                    "hidden_act", "silu", "attention_dropout", 0.0, "partial_rotary_factor", 1.0);
        }

        @Override
        public List<String> absentSettings() {
            return List.of("layer_types");
        }

        @Override
        public List<Attention> attention(ConfigReader config) {
            return LayerTypes.uniform(
                    config,
                    new Attention(
                            RopeSettings.read(config), config.integerOrNull("sliding_window")));
        }

        @Override
        public void writeAttention(ObjectNode json, ModelConfig config) {
            ModelFamily.super.writeAttention(json, config);
            json.put("sliding_window", config.attention().getFirst().window());
        }
    }

    /// Qwen2 and Qwen2.5.
    record Qwen2() implements ModelFamily {
        @Override
        public String modelType() {
            return "qwen2";
        }

        @Override
        public String architecture() {
            return "Qwen2ForCausalLM";
        }

        @Override
        public Block block() {
            return new Block(true, false, false, 0, false, false, false);
        }

        @Override
        public Map<String, Object> defaults() {
            return Map.of(
                    "num_key_value_heads", 32,
                    "max_position_embeddings", 32_768,
                    "use_sliding_window", false,
                    "sliding_window", 4096,
                    "max_window_layers", 28);
        }

        @Override
        public Map<String, Object> fixedSettings() {
            return Map.of(
                    "hidden_act", "silu", "attention_dropout", 0.0, "partial_rotary_factor", 1.0);
        }

        @Override
        public List<Attention> attention(ConfigReader config) {
            return LayerTypes.qwen(config);
        }

        @Override
        public void writeAttention(ObjectNode json, ModelConfig config) {
            ModelFamily.super.writeAttention(json, config);
            LayerTypes.writeQwen(json, config.attention());
        }
    }

    /// Qwen3, the dense models.
    record Qwen3() implements ModelFamily {
        @Override
        public String modelType() {
            return "qwen3";
        }

        @Override
        public String architecture() {
            return "Qwen3ForCausalLM";
        }

        @Override
        public Block block() {
            return new Block(false, true, false, 0, false, false, false);
        }

        @Override
        public Map<String, Object> defaults() {
            return Map.of(
                    "head_dim", 128,
                    "num_key_value_heads", 32,
                    "max_position_embeddings", 32_768,
                    "use_sliding_window", false,
                    "sliding_window", 4096,
                    "max_window_layers", 28);
        }

        @Override
        public Map<String, Object> fixedSettings() {
            return Map.of(
                    "attention_bias",
                    false,
                    "hidden_act",
                    "silu",
                    "attention_dropout",
                    0.0,
                    "partial_rotary_factor",
                    1.0);
        }

        @Override
        public List<Attention> attention(ConfigReader config) {
            return LayerTypes.qwen(config);
        }

        @Override
        public void writeAttention(ObjectNode json, ModelConfig config) {
            ModelFamily.super.writeAttention(json, config);
            LayerTypes.writeQwen(json, config.attention());
        }
    }

    /// Gemma 3, text only, also as the text half of its multimodal checkpoints. Most layers look
    /// back a window and turn faster than the few that see everything.
    record Gemma3Text() implements ModelFamily {
        @Override
        public String modelType() {
            return "gemma3_text";
        }

        @Override
        public String architecture() {
            return "Gemma3ForCausalLM";
        }

        @Override
        public String multimodalType() {
            return "gemma3";
        }

        @Override
        public Block block() {
            return new Block(false, true, true, 1, true, true, true);
        }

        @Override
        public Map<String, Object> defaults() {
            return Map.ofEntries(
                    Map.entry("vocab_size", 262_208),
                    Map.entry("hidden_size", 2304),
                    Map.entry("intermediate_size", 9216),
                    Map.entry("num_hidden_layers", 26),
                    Map.entry("num_attention_heads", 8),
                    Map.entry("num_key_value_heads", 4),
                    Map.entry("head_dim", 256),
                    Map.entry("query_pre_attn_scalar", 256),
                    Map.entry("max_position_embeddings", 131_072),
                    Map.entry("tie_word_embeddings", true),
                    Map.entry("rope_theta", 1e6),
                    Map.entry("rope_local_base_freq", 1e4),
                    Map.entry("sliding_window", 4096),
                    Map.entry("sliding_window_pattern", 6),
                    Map.entry("bos_token_id", 2),
                    Map.entry("eos_token_id", 1),
                    Map.entry("pad_token_id", 0));
        }

        @Override
        public Map<String, Object> fixedSettings() {
            return Map.of(
                    "attention_bias",
                    false,
                    "hidden_activation",
                    "gelu_pytorch_tanh",
                    "attention_dropout",
                    0.0,
                    "use_bidirectional_attention",
                    false,
                    "partial_rotary_factor",
                    1.0);
        }

        @Override
        public List<String> absentSettings() {
            return List.of("final_logit_softcapping", "attn_logit_softcapping");
        }

        @Override
        public List<Attention> attention(ConfigReader config) {
            int period = config.integer("sliding_window_pattern");
            return LayerTypes.mixed(
                    config,
                    layer -> (layer + 1) % period != 0,
                    new Attention(
                            RopeSettings.read(
                                    config, "sliding_attention", "rope_local_base_freq", null),
                            config.integerOrNull("sliding_window")),
                    Attention.full(
                            RopeSettings.read(
                                    config, "full_attention", "rope_theta", "rope_scaling")));
        }

        @Override
        public void writeAttention(ObjectNode json, ModelConfig config) {
            LayerTypes.write(json, config.attention());
            ObjectNode ropes = json.objectNode();
            for (Attention attention : config.attention()) {
                Rope rope = attention.rope();
                ropes.set(LayerTypes.name(attention), RopeSettings.parameters(rope));
                if (attention.window() == null) {
                    RopeSettings.write(json, rope);
                } else {
                    json.put("rope_local_base_freq", rope.theta());
                }
            }
            json.set("rope_parameters", ropes);
        }
    }
}
