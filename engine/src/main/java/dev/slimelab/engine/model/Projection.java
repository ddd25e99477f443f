package dev.slimelab.engine.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The seven linear projections of a decoder layer, in the order in which the layer kernel takes
/// their adapters.
public enum Projection {
    Q_PROJ("self_attn", LayerTensor.QUERY),
    K_PROJ("self_attn", LayerTensor.KEY),
    V_PROJ("self_attn", LayerTensor.VALUE),
    O_PROJ("self_attn", LayerTensor.OUTPUT),
    GATE_PROJ("mlp", LayerTensor.GATE),
    UP_PROJ("mlp", LayerTensor.UP),
    DOWN_PROJ("mlp", LayerTensor.DOWN);

    private final String block;
    private final LayerTensor weight;

    Projection(String block, LayerTensor weight) {
        this.block = block;
        this.weight = weight;
    }

    LayerTensor weight() {
        return weight;
    }

    /// The name PEFT lists under `target_modules`, such as `q_proj`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name inside a layer, such as `self_attn.q_proj`.
    String path() {
        return block + "." + label();
    }

    /// All labels, for messages.
    static String known() {
        return Arrays.stream(values()).map(Projection::label).collect(Collectors.joining(", "));
    }
}
