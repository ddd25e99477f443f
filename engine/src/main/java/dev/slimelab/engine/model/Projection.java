package dev.slimelab.engine.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The seven linear projections of a decoder layer, in the order in which the layer kernel takes
/// their adapters.
public enum Projection {
    Q_PROJ("self_attn"),
    K_PROJ("self_attn"),
    V_PROJ("self_attn"),
    O_PROJ("self_attn"),
    GATE_PROJ("mlp"),
    UP_PROJ("mlp"),
    DOWN_PROJ("mlp");

    private final String block;

    Projection(String block) {
        this.block = block;
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
