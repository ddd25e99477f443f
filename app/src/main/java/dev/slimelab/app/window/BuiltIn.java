package dev.slimelab.app.window;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/// What comes with SlimeLab and needs nothing else.
///
/// @param run behind "Train the built-in model": what the SLIME sample run did, or the same
///   settings where there is no sample
/// @param templates a folder of specs to begin with
public record BuiltIn(RunSpec run, Path templates) {
    public static BuiltIn in(Installation installation) {
        return new BuiltIn(run(installation), installation.assets().resolve("specs"));
    }

    private static RunSpec run(Installation installation) {
        for (RunDirectory sample : RunDirectory.below(installation.samples())) {
            if (sample.name().equals("slime")) {
                try {
                    return sample.readSpec();
                } catch (Problem _) {
                    return fallback(
                            installation.assets()); // a damaged sample is shown as such in the list
                }
            }
        }
        return fallback(installation.assets());
    }

    private static RunSpec fallback(Path assets) {
        String text =
                """
                {
                  "name": "slime",
                  "model": { "path": "tiny" },
                  "data": { "format": "tiny-lab" },
                  "objective": "slime",
                  "adapter": "full",
                  "optimization": { "learningRate": 3e-4, "maxSteps": 160, "batchPairs": 16, "microBatchPairs": 16 },
                  "evaluation": { "everySteps": 10, "probePairs": 96, "samplePrompts": 4, "scoredPrompts": 96 }
                }
                """;
        ObjectNode tree = (ObjectNode) JsonMapper.shared().readTree(text);
        ((ObjectNode) tree.get("model"))
                .put("path", assets.resolve("tiny").toAbsolutePath().normalize().toString());
        return SpecJson.fromTree(tree);
    }
}
