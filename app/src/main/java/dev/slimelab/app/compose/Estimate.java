package dev.slimelab.app.compose;

import dev.slimelab.engine.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a run will need, as `slimelab estimate --json` measures it.
///
/// @param peakBytes most memory of the engine while it trains
/// @param machineBytes memory of the machine
/// @param trainingSeconds of all steps, without what is measured between them
/// @param takenByOthers share of the processors that other work had meanwhile, 0 to 1
record Estimate(
        int steps,
        double peakBytes,
        double machineBytes,
        double trainingSeconds,
        double takenByOthers) {
    static Estimate read(String text) {
        try {
            return JsonMapper.shared().readValue(text, Estimate.class);
        } catch (JacksonException e) {
            throw Problem.failed(
                    "The estimate cannot be read: " + e.getMessage() + ".", "Try again.", e);
        }
    }

    double secondsPerStep() {
        return trainingSeconds / steps;
    }

    double shareOfMemory() {
        return peakBytes / machineBytes;
    }
}
