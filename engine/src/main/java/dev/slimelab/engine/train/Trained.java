package dev.slimelab.engine.train;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.Targets;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.Adapter;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// The policy that a spec trains, with the adapter it may own.
record Trained(LanguageModel policy, @Nullable Lora adapter) implements AutoCloseable {
    /// How a spec's base must be opened.
    static LanguageModel.Training training(RunSpec spec) {
        return spec.adapter() instanceof Adapter.Full
                ? LanguageModel.Training.FULL
                : LanguageModel.Training.FROZEN;
    }

    /// @param base closed by the caller, after this
    static Trained of(RunSpec spec, LanguageModel base) {
        String start = spec.model().adapterPath();
        return switch (spec.adapter()) {
            case Adapter.Full() -> {
                if (start != null) {
                    throw Problem.badRequest(
                            "model.adapterPath is set, but adapter.kind is \"full\".",
                            "Use adapter.kind \"lora\", or merge the adapter first.");
                }
                yield new Trained(base, null);
            }
            case Adapter.Lora lora -> {
                Lora adapter =
                        start == null
                                ? fresh(spec, base, settings(lora))
                                : continued(base, Path.of(start), settings(lora));
                yield new Trained(base.with(adapter), adapter);
            }
        };
    }

    private static Lora fresh(RunSpec spec, LanguageModel base, LoraSettings settings) {
        try {
            return Lora.create(base, settings, spec.seeds().initialization());
        } catch (Problem problem) {
            throw Problem.badRequest(
                    "adapter.targets: " + problem.what(), problem.remedy(), problem);
        }
    }

    private static Lora continued(LanguageModel base, Path start, LoraSettings settings) {
        Lora adapter = Lora.load(base, start, settings.dropout());
        String difference = settings.difference(adapter.settings());
        if (difference != null) {
            adapter.close();
            throw Problem.badRequest(
                    "The adapter in %s has %s, but the spec's adapter has not."
                            .formatted(start, difference),
                    "Repeat the settings of model.adapterPath in adapter.");
        }
        return adapter;
    }

    private static LoraSettings settings(Adapter.Lora lora) {
        return new LoraSettings(
                lora.r(),
                lora.alpha(),
                lora.scaling() == Adapter.Scaling.RANK_STABILISED,
                lora.dropout(),
                new Targets(lora.targets(), lora.targetPattern()),
                lora.modulesToSave());
    }

    @Override
    public void close() {
        if (adapter != null) {
            adapter.close();
        }
    }
}
