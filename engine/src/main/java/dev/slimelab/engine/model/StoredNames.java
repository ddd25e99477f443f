package dev.slimelab.engine.model;

import java.util.List;
import java.util.Set;

/// How the files of a folder name the tensors that [Layout] names as in a text model.
///
/// Multimodal checkpoints have had two namings, `language_model.model.…` and
/// `model.language_model.…`; what they hold beside the text half is passed over.
///
/// @param decoder what stands in place of `model.`
/// @param head the name of the head's matrix
/// @param foreign how names of tensors begin that belong to no text model
record StoredNames(String decoder, String head, List<String> foreign) {
    private static final String TEXT = ModelConfig.TEXT_DECODER + ".";

    static StoredNames of(ModelConfig config, Set<String> names) {
        if (config.decoderPath().equals(ModelConfig.TEXT_DECODER)) {
            return new StoredNames(TEXT, Layout.HEAD, List.of());
        }
        String older = "language_model.";
        boolean isOlder = names.stream().anyMatch(name -> name.startsWith(older));
        return new StoredNames(
                isOlder ? older + TEXT : config.decoderPath() + ".",
                isOlder ? older + Layout.HEAD : Layout.HEAD,
                List.of(
                        "vision_tower.",
                        "multi_modal_projector.",
                        "model.vision_tower.",
                        "model.multi_modal_projector."));
    }

    String of(TensorSpec spec) {
        return spec.name().equals(Layout.HEAD)
                ? head
                : decoder + spec.name().substring(TEXT.length());
    }

    /// Whether a tensor may be passed over: rotary angles and a second copy of a tied head are
    /// computed, and the rest of a multimodal model is not run.
    boolean spare(String name, ModelConfig config) {
        return name.endsWith("rotary_emb.inv_freq")
                || (config.tiedEmbeddings() && name.equals(head))
                || foreign.stream().anyMatch(name::startsWith);
    }
}
