package dev.slimelab.engine.train;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Saves everything that a run's next step depends on beside its spec and its events, and takes it
/// over again.
///
/// @param settings how often, and what is kept
/// @param remembered what is small
record Checkpointing(
        RunDirectory run,
        RunSpec.Checkpoint settings,
        LanguageModel policy,
        AdamW optimizer,
        List<Remembered> remembered) {
    private static final JsonMapper JSON = JsonMapper.shared();

    boolean isDue(int step) {
        return settings.everySteps() != null && step % settings.everySteps() == 0;
    }

    /// Saves the state after `step` steps, unless that is done already, and deletes what is not
    /// kept.
    ///
    /// The logs up to here reach the disk first: a checkpoint never knows more than they do.
    ///
    /// @param metrics of that step
    void save(int step, Map<String, Double> metrics) {
        List.of(run.metrics(), run.samples(), run.events()).forEach(Disk::force);
        run.checkpoints().write(step, checkpoint -> write(checkpoint, metrics));
        run.checkpoints().prune(settings);
    }

    private void write(Checkpoint checkpoint, Map<String, Double> metrics) {
        Lora adapter = policy.adapter();
        if (adapter != null) {
            adapter.save(checkpoint.adapter());
        } else {
            policy.save(checkpoint.model());
        }
        optimizer.save(checkpoint.optimizer());
        AtomicFile.write(checkpoint.state(), state(checkpoint.step(), metrics));
    }

    private String state(int step, Map<String, Double> metrics) {
        Map<String, Double> finite = new TreeMap<>(metrics);
        finite.values().removeIf(value -> !Double.isFinite(value));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("step", step);
        state.put("metrics", finite);
        remembered.forEach(each -> state.put(each.name(), each.state()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state) + "\n";
    }

    /// Goes back to what was saved.
    void load(Checkpoint checkpoint) {
        policy.restore(policy.adapter() == null ? checkpoint.model() : checkpoint.adapter());
        optimizer.load(checkpoint.optimizer());
        JsonNode state = checkpoint.readState();
        remembered.forEach(each -> each.restore(state.get(each.name())));
    }
}
