package dev.slimelab.engine.train;

import tools.jackson.databind.JsonNode;

/// Something small that the next step depends on beside weights and moments: every checkpoint holds
/// it, by its name in `state.json`.
///
/// Random generators are not among them: each is made anew from its seed and the step.
interface Remembered {
    String name();

    /// Numbers written as JSON, which keeps every bit of a double.
    JsonNode state();

    /// Takes over what [#state] gave in the run that is continued.
    void restore(JsonNode state);
}
