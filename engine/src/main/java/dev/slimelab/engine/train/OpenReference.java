package dev.slimelab.engine.train;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.Adapter;
import dev.slimelab.engine.spec.RunSpec.ReferenceModel.Cache;
import dev.slimelab.engine.spec.RunSpec.ReferenceModel.Kind;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The reference that a spec asks for, with the model that it runs where it has one of its own.
///
/// @param model null where the policy answers, or nothing needs to be asked any more
record OpenReference(ReferenceLogps logps, @Nullable LanguageModel model) implements AutoCloseable {
    /// An adapter is switched off where that gives the reference, unless a cache is asked for.
    /// Other references are either asked beforehand or, where they move or are asked about rows
    /// that are not in the data, kept open as models of their own.
    ///
    /// @param policy as it is before its first step
    /// @param needed every row that will be asked about
    /// @param cache where log-probs are kept; null for nowhere
    /// @param log takes sentences for a person
    static OpenReference of(
            RunSpec spec,
            LanguageModel policy,
            List<Example> needed,
            @Nullable ReferenceCache cache,
            Consumer<String> log) {
        if (!spec.objective().needsReference()) {
            return new OpenReference(new ReferenceLogps.None(), null);
        }
        boolean moves = spec.objective().loop() instanceof Loop.ReferenceSync;
        if (isAdapterOff(spec) && !moves && spec.reference().cache() != Cache.ALWAYS) {
            return new OpenReference(new ReferenceLogps.AdapterDisabled(policy), null);
        }
        if (!spec.objective().foretellsReference()) {
            if (moves && !isStart(spec)) {
                throw Problem.badRequest(
                        "objective.loop moves the reference towards the policy, but the reference"
                                + " is another model.",
                        "Set reference.kind to start.");
            }
            LanguageModel model = isStart(spec) ? policy.copy() : other(spec, policy);
            return new OpenReference(new ReferenceLogps.Copy(model), model);
        }
        return new OpenReference(
                precomputed(
                        spec,
                        policy,
                        needed,
                        spec.reference().cache() == Cache.NEVER ? null : cache,
                        log),
                null);
    }

    /// Whether the reference is the policy as it is before its first step.
    static boolean isStart(RunSpec spec) {
        Kind kind = spec.reference().kind();
        return kind == Kind.START || (kind == Kind.ADAPTER_DISABLED && isFresh(spec));
    }

    /// Whether switching the adapter off gives the reference.
    private static boolean isAdapterOff(RunSpec spec) {
        Kind kind = spec.reference().kind();
        return spec.adapter() instanceof Adapter.Lora
                && (kind == Kind.ADAPTER_DISABLED || (kind == Kind.START && isFresh(spec)));
    }

    /// Whether no adapter is started from.
    private static boolean isFresh(RunSpec spec) {
        return spec.model().adapterPath() == null;
    }

    private static LanguageModel other(RunSpec spec, LanguageModel policy) {
        String path = requireNonNull(spec.reference().path(), "reference.path");
        return BaseModel.folder(Path.of(path), spec.model().precision())
                .open(policy.torch(), LanguageModel.Training.FROZEN);
    }

    private static ReferenceLogps.Precomputed precomputed(
            RunSpec spec,
            LanguageModel policy,
            List<Example> needed,
            @Nullable ReferenceCache cache,
            Consumer<String> log) {
        String counted = "the reference log-probs of " + needed.size() + " pairs";
        String key = cache == null ? "" : ReferenceCache.key(spec, policy.torch(), needed);
        ReferenceLogps.Precomputed known = cache == null ? null : cache.read(key, needed);
        if (known != null) {
            log.accept("Took " + counted + " from the cache.");
            return known;
        }
        log.accept("Computing " + counted + ".");
        ReferenceLogps.Precomputed computed = compute(spec, policy, needed);
        if (cache != null) {
            cache.write(key, needed, computed);
        }
        return computed;
    }

    private static ReferenceLogps.Precomputed compute(
            RunSpec spec, LanguageModel policy, List<Example> needed) {
        if (spec.reference().kind() == Kind.FOLDER) {
            try (LanguageModel model = other(spec, policy)) {
                return ReferenceLogps.Precomputed.compute(model, PassOptions.reference(), needed);
            }
        }
        return ReferenceLogps.Precomputed.compute(
                policy,
                isAdapterOff(spec) ? PassOptions.reference() : PassOptions.evaluation(),
                needed);
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
