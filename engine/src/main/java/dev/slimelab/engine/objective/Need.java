package dev.slimelab.engine.objective;

/// What an objective may need beside the policy's log-probs of both answers. What is not needed is
/// neither computed nor loaded.
public enum Need {
    /// The frozen reference's log-probs of both answers.
    REFERENCE,
    /// The policy's log-probs of the prompt's tokens, with a gradient.
    PROMPT,
    /// Log-ratios of completions under prompts that they do not belong to.
    MISMATCHED,
    /// log Σ_v π_t(v)² of each completion token.
    LOG_SQUARES,
    /// A margin offset for each pair, from the data.
    OFFSETS,
    /// A weight for each pair, from the data.
    WEIGHTS,
    /// Where the sentences of the chosen answers start.
    SENTENCES
}
