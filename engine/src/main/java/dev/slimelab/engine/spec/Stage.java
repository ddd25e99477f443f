package dev.slimelab.engine.spec;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Settings;

/// What a run teaches.
public enum Stage {
    /// Next-token prediction on whole conversations, prompts included.
    PRETRAIN,
    /// Supervised fine-tuning: the chosen answers, prompts masked.
    @Called("SFT")
    SFT,
    /// An objective over chosen and rejected answers.
    PREFERENCE;

    /// As a spec writes it.
    public String word() {
        return Settings.word(name());
    }
}
