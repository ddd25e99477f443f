package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private final Map<String, NDArray> values = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private Weights(Layout layout) {
        this.layout = layout;
    }

    /// Where the values of tensors come from, given an owner of what is only needed until the
    /// weights are made.
    private interface Source extends Function<NDManager, Function<TensorSpec, NDArray>> {}

    /// How to keep the values.
    record Keeping(Kernels kernels, NDManager memory, Precision precision, Kind kind) {}

    static Weights random(ModelConfig config, Initialization initialization, Keeping keeping) {
        return new Weights(config.layout())
                .fill(
                        keeping,
                        // Copied, because what `create` makes points into Java's memory.
                        scratch ->
                                spec ->
                                        keeping.kernels()
                                                .copy(
                                                        scratch,
                                                        scratch.create(
                                                                initialization.values(spec, config),
                                                                new Shape(spec.dimensions()))));
    }

    static Weights load(ModelConfig config, Safetensors file, Keeping keeping) {
        var weights = new Weights(config.layout());
        weights.checkNames(file, config);
        return weights.fill(
                keeping,
                scratch -> {
                    var stored = new StoredTensors(keeping.kernels(), scratch, file);
                    return spec -> {
                        Safetensors.Entry entry = file.entry(spec.name());
                        if (!entry.shape().equals(spec.shape())) {
                            throw Problem.badRequest(
                                    "Tensor %s in %s has shape %s, but config.json asks for %s."
                                            .formatted(
                                                    spec.name(),
                                                    file.file(),
                                                    entry.shape(),
                                                    spec.shape()),
                                    "Use the config.json and model.safetensors of the same model.");
                        }
                        return stored.read(spec.name());
                    };
                });
    }

    /// Copies of the values as they are, which are not trained.
    Weights copy(Kernels kernels, NDManager memory) {
        var copy = new Weights(layout);
        values.forEach((name, value) -> copy.values.put(name, kernels.copy(memory, value)));
        return copy;
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

    /// The tensors of a layer in the order of the layer kernel.
    List<NDArray> layer(int index) {
        return layout.layers().get(index).stream().map(this::value).toList();
    }

    /// Trained parameters in the order of the layout; none where frozen.
    List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    List<Parameter> layerParameters(int index) {
        return layout.layers().get(index).stream().flatMap(spec -> trained(spec).stream()).toList();
    }

    List<Parameter> finalNormParameters() {
        return trained(layout.finalNorm());
    }

    @Nullable NDArray embeddingGradient() {
        return gradient(layout.embedding());
    }

    @Nullable NDArray headGradient() {
        return gradient(headSpec());
    }

    /// Name and value of every tensor, in the order of the layout.
    Map<String, NDArray> values() {
        return values;
    }

    private TensorSpec headSpec() {
        TensorSpec head = layout.head();
        return head == null ? layout.embedding() : head;
    }

    private NDArray value(TensorSpec spec) {
        NDArray value = values.get(spec.name());
        if (value == null) {
            throw new IllegalStateException("No tensor " + spec.name());
        }
        return value;
    }

    private List<Parameter> trained(TensorSpec spec) {
        Parameter parameter = parameters.get(spec.name());
        return parameter == null ? List.of() : List.of(parameter);
    }

    private @Nullable NDArray gradient(TensorSpec spec) {
        Parameter parameter = parameters.get(spec.name());
        return parameter == null ? null : parameter.gradient();
    }

    private Weights fill(Keeping keeping, Source source) {
        try (NDManager scratch = keeping.memory().newSubManager()) {
            Function<TensorSpec, NDArray> values = source.apply(scratch);
            for (TensorSpec spec : layout.all()) {
                NDArray stored = values.apply(spec);
                switch (keeping.kind()) {
                    case FROZEN -> this.values.put(spec.name(), Tensors.keep(keeping, stored));
                    case TRAINED -> {
                        Parameter parameter = Tensors.train(keeping, spec.name(), stored);
                        parameters.put(spec.name(), parameter);
                        this.values.put(spec.name(), parameter.value());
                    }
                }
            }
        }
        return this;
    }

    private void checkNames(Safetensors file, ModelConfig config) {
        var wanted = layout.all().stream().map(TensorSpec::name).toList();
        var missing = new ArrayList<>(wanted);
        missing.removeAll(file.names());
        if (!missing.isEmpty()) {
            throw Problem.badRequest(
                    "%s lacks %d tensors, the first is %s."
                            .formatted(file.file(), missing.size(), missing.getFirst()),
                    "Check that it belongs to the config.json beside it.");
        }
        for (String name : file.names()) {
            boolean spare =
                    name.endsWith("rotary_emb.inv_freq")
                            || (config.tiedEmbeddings() && name.equals("lm_head.weight"));
            if (!spare && !wanted.contains(name)) {
                throw Problem.badRequest(
                        "%s holds tensor %s, which a %s model with this config.json does not have."
                                .formatted(file.file(), name, config.family().modelType()),
                        "Use the config.json and model.safetensors of the same model.");
            }
        }
    }
}
