package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The tensors of a model, by their place in the network.
///
/// @param layers for each layer its tensors in the order of the layer kernel
/// @param head absent where the head is the embedding
record Layout(
        TensorSpec embedding,
        List<List<TensorSpec>> layers,
        TensorSpec finalNorm,
        @Nullable TensorSpec head) {
    /// All tensors, in the order in which they are saved.
    List<TensorSpec> all() {
        var all = new ArrayList<TensorSpec>();
        all.add(embedding);
        layers.forEach(all::addAll);
        all.add(finalNorm);
        if (head != null) {
            all.add(head);
        }
        return all;
    }
}
