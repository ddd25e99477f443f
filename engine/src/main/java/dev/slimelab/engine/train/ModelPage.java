package dev.slimelab.engine.train;

import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.ModelFacts;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The model of a spec, or of a folder, before it is opened: as names and numbers, for a command
/// and its readers.
public final class ModelPage {
    private ModelPage() {}

    /// What a spec's run would open, train and keep in memory.
    ///
    /// @throws dev.slimelab.engine.problem.Problem bad request: where the model cannot be run, or
    ///   the adapter does not fit it
    public static Map<String, Object> of(RunSpec spec) {
        BaseModel base = BaseModel.of(spec);
        ModelFacts facts =
                base.facts(
                        switch (spec.adapter()) {
                            case RunSpec.Adapter.Lora lora -> Trained.settings(lora);
                            case RunSpec.Adapter.Full() -> null;
                        });
        Map<String, Object> page = page(facts, spec.model().path());
        page.put("precision", Settings.word(spec.model().precision().name()));
        page.put("trainedParameters", facts.trainedParameters());
        ModelFacts.Memory memory = facts.memory(base.precision());
        Map<String, Object> bytes = new LinkedHashMap<>();
        bytes.put("weights", memory.weights());
        bytes.put("trained", memory.trained());
        bytes.put("gradients", memory.gradients());
        bytes.put("optimizer", memory.optimizer());
        bytes.put("total", memory.total());
        page.put("memoryBytes", bytes);
        return page;
    }

    /// What a Hugging Face folder holds.
    ///
    /// @throws dev.slimelab.engine.problem.Problem bad request: where the model cannot be run
    public static Map<String, Object> of(Path folder) {
        return page(BaseModel.folder(folder, Precision.FP32).facts(null), folder.toString());
    }

    private static Map<String, Object> page(ModelFacts facts, @Nullable String path) {
        ModelConfig config = facts.config();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("path", path);
        page.put("family", config.family().modelType());
        page.put("layers", config.layers());
        page.put("hiddenSize", config.hiddenSize());
        page.put("intermediateSize", config.intermediateSize());
        page.put("heads", config.heads());
        page.put("keyValueHeads", config.keyValueHeads());
        page.put("headDim", config.headDim());
        page.put("vocabulary", config.vocabSize());
        page.put("positions", config.maxPositions());
        page.put("tiedEmbeddings", config.tiedEmbeddings());
        page.put("parameters", facts.parameters());
        page.put("stored", facts.storedElements());
        page.put("storedBytes", facts.storedBytes());
        return page;
    }
}
