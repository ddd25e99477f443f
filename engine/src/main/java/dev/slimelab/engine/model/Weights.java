package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A model's tensors, by name and by place.
///
/// Frozen weights are kept in the compute type, in place in the mapped file where that is their
/// type there. Trained weights are float32 copies with a gradient each.
final class Weights {
    /// Whether the weights themselves are trained.
    enum Kind {
        FROZEN,
        TRAINED
    }

    private final Layout layout;
    private final Kernels kernels;
    private final Precision kept;
    private final Map<String, NDArray> values = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private @Nullable NDArray meanRow;

    private Weights(Layout layout, Kernels kernels, Precision kept) {
        this.layout = layout;
        this.kernels = kernels;
        this.kept = kept;
    }

    /// Where the values of tensors come from, given an owner of what is only needed until the
    /// weights are made.
    private interface Source extends Function<NDManager, Function<TensorSpec, NDArray>> {}

    /// How to keep the values.
    record Keeping(Kernels kernels, NDManager memory, Precision precision, Kind kind) {
        private Weights nothingYet(ModelConfig config) {
            return new Weights(config.layout(), kernels, kept());
        }

        /// The type of the values.
        private Precision kept() {
            return kind == Kind.TRAINED ? precision.ofTrained() : precision;
        }
    }

    static Weights random(ModelConfig config, Initialization initialization, Keeping keeping) {
        return keeping.nothingYet(config)
                .fill(
                        keeping,
                        scratch ->
                                spec ->
                                        Tensors.made(
                                                keeping.kernels(),
                                                scratch,
                                                keeping.kept(),
                                                initialization.values(spec, config),
                                                spec.dimensions()));
    }

    static Weights load(ModelConfig config, WeightFiles files, Keeping keeping) {
        Weights weights = keeping.nothingYet(config);
        StoredNames names = StoredNames.of(config, files.names());
        weights.checkNames(files, names, config);
        return weights.fill(
                keeping,
                scratch -> {
                    Map<Safetensors, StoredTensors> stored = new HashMap<>();
                    return spec -> {
                        String name = names.of(spec);
                        Safetensors file = files.holding(name);
                        checkShape(spec, file.entry(name), file);
                        return stored.computeIfAbsent(
                                        file, f -> new StoredTensors(keeping.kernels(), scratch, f))
                                .read(name);
                    };
                });
    }

    /// The type of the values.
    Precision kept() {
        return kept;
    }

    /// All values by the names of their tensors.
    Map<String, NDArray> values() {
        return Collections.unmodifiableMap(values);
    }

    /// Copies of the values as they are, which are not trained.
    Weights copy(NDManager memory) {
        var copy = new Weights(layout, kernels, kept);
        values.forEach((name, value) -> copy.values.put(name, kernels.copy(memory, value)));
        return copy;
    }

    /// Whether these are trained.
    Kind kind() {
        return parameters.isEmpty() ? Kind.FROZEN : Kind.TRAINED;
    }

    /// The same weights on another device: frozen ones in place where the device is the same,
    /// trained ones as copies with a gradient each.
    Weights on(Keeping keeping) {
        var there = new Weights(layout, keeping.kernels, kept);
        values.forEach(
                (name, value) -> {
                    switch (keeping.kind) {
                        case FROZEN ->
                                there.values.put(
                                        name, keeping.kernels.there(keeping.memory, value));
                        case TRAINED -> there.train(keeping, name, value);
                    }
                });
        return there;
    }

    private void train(Keeping keeping, String name, NDArray value) {
        Parameter parameter = Tensors.train(keeping, name, value);
        parameters.put(name, parameter);
        values.put(name, parameter.value());
    }

    private static void checkShape(TensorSpec spec, Safetensors.Entry entry, Safetensors file) {
        if (!entry.shape().equals(spec.shape())) {
            throw Problem.badRequest(
                    "Tensor %s in %s has shape %s, but config.json asks for %s."
                            .formatted(entry.name(), file.file(), entry.shape(), spec.shape()),
                    "Use the config.json and weights of the same model.");
        }
    }

    NDArray embedding() {
        return value(layout.embedding());
    }

    NDArray finalNorm() {
        return value(layout.finalNorm());
    }

    NDArray head() {
        return value(headSpec());
    }

    /// The tensors of a layer as the layer kernel takes them, empty ones where it has none.
    List<NDArray> layer(int index) {
        Map<LayerTensor, TensorSpec> layer = layout.layers().get(index);
        return Arrays.stream(LayerTensor.values())
                .map(layer::get)
                .map(spec -> spec == null ? kernels.none() : value(spec))
                .toList();
    }

    /// Trained parameters in the order of the layout; none where frozen.
    List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /// Where the gradients of [#layer] gather, empty tensors where nothing is trained.
    List<NDArray> layerGradients(int index) {
        Map<LayerTensor, TensorSpec> layer = layout.layers().get(index);
        return Arrays.stream(LayerTensor.values())
                .map(layer::get)
                .map(spec -> spec == null ? null : gradient(spec))
                .map(gradient -> gradient == null ? kernels.none() : gradient)
                .toList();
    }

    @Nullable NDArray finalNormGradient() {
        return gradient(layout.finalNorm());
    }

    @Nullable NDArray embeddingGradient() {
        return gradient(layout.embedding());
    }

    @Nullable NDArray headGradient() {
        return gradient(headSpec());
    }

    /// The mean of the head's rows, (h) wide: computed once where the head is frozen.
    NDArray meanRow(NDManager scope, Precision compute) {
        if (headGradient() != null) {
            return kernels.meanRow(scope, head(), compute);
        }
        if (meanRow == null) {
            meanRow = kernels.meanRow(head().getManager(), head(), compute);
        }
        return meanRow;
    }

    private TensorSpec headSpec() {
        TensorSpec head = layout.head();
        return head == null ? layout.embedding() : head;
    }

    NDArray value(TensorSpec spec) {
        NDArray value = values.get(spec.name());
        if (value == null) {
            throw new IllegalStateException("No tensor " + spec.name());
        }
        return value;
    }

    private @Nullable NDArray gradient(TensorSpec spec) {
        Parameter parameter = parameters.get(spec.name());
        return parameter == null ? null : parameter.gradient();
    }

    private Weights fill(Keeping keeping, Source source) {
        try (NDManager scratch = keeping.memory().newSubManager()) {
            Function<TensorSpec, NDArray> values = source.apply(scratch);
            for (TensorSpec spec : layout.all()) {
                // Closed at once: where types differ, a GPU never holds two whole models.
                try (NDArray stored = values.apply(spec)) {
                    switch (keeping.kind()) {
                        case FROZEN -> this.values.put(spec.name(), Tensors.keep(keeping, stored));
                        case TRAINED -> train(keeping, spec.name(), stored);
                    }
                }
            }
        }
        return this;
    }

    private void checkNames(WeightFiles files, StoredNames names, ModelConfig config) {
        var wanted = new LinkedHashSet<>(layout.all().stream().map(names::of).toList());
        var missing = new LinkedHashSet<>(wanted);
        missing.removeAll(files.names());
        if (!missing.isEmpty()) {
            throw Problem.badRequest(
                    "%s lacks %d tensors, the first is %s."
                            .formatted(files.folder(), missing.size(), missing.getFirst()),
                    "Check that its weights belong to the config.json beside them.");
        }
        for (String name : files.names()) {
            if (!wanted.contains(name) && !names.spare(name, config)) {
                throw Problem.badRequest(
                        "%s holds tensor %s, which a %s model with this config.json does not have."
                                .formatted(
                                        files.holding(name).file(),
                                        name,
                                        config.family().modelType()),
                        "Use the config.json and weights of the same model.");
            }
        }
    }
}
