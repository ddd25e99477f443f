package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The token ids that `config.json` names. The model computes without them; they are kept so that a
/// saved folder says what the opened one said.
///
/// @param end several for models that end turns and texts differently
public record SpecialTokens(@Nullable Integer begin, List<Integer> end, @Nullable Integer padding) {
    public SpecialTokens {
        end = List.copyOf(end);
    }

    public static SpecialTokens none() {
        return new SpecialTokens(null, List.of(), null);
    }
}
