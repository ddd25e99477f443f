package dev.slimelab.engine.model;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// A low-rank adapter: for each targeted projection a matrix A (r, in) and a matrix B (out, r),
/// both trained; the projection's output gains scale * B A x. It may also have a trained copy of
/// the head, which then takes the head's place.
public final class Lora implements AutoCloseable {
    private final LoraSettings settings;
    private final Kernels kernels;
    private final NDManager memory;
    private final List<Map<Projection, Pair>> layers = new ArrayList<>();
    private @Nullable Parameter head;

    /// Where the values of matrices come from, given an owner of what is only needed until the
    /// adapter is made.
    interface Source extends Function<NDManager, Function<Matrix, NDArray>> {}

    /// One of an adapter's matrices.
    ///
    /// @param name as PEFT's file names it
    record Matrix(String name, Kind kind, long rows, long columns) {
        enum Kind {
            A,
            B,
            HEAD
        }
    }

    /// The matrices of one projection.
    record Pair(Parameter a, Parameter b) {}

    private Lora(LoraSettings settings, Kernels kernels, NDManager memory) {
        this.settings = settings;
        this.kernels = kernels;
        this.memory = memory;
    }

    /// A fresh adapter as PEFT makes it: A uniform in plus or minus 1 / sqrt(in) (Kaiming with a =
    /// sqrt 5), B zero, the head a copy of the model's, so that it changes nothing yet.
    ///
    /// @param seed of the matrices A; each draws from its own stream
    /// @throws Problem when a target is no projection of the model
    public static Lora create(LanguageModel model, LoraSettings settings, long seed) {
        return build(
                model,
                settings,
                scratch ->
                        matrix ->
                                switch (matrix.kind) {
                                    case A -> {
                                        var stream = SplitMix64.named(seed, matrix.name);
                                        double bound = 1 / Math.sqrt((double) matrix.columns);
                                        long count = matrix.rows * matrix.columns;
                                        yield model.torch()
                                                .kernels()
                                                .upload(
                                                        scratch,
                                                        stream.uniforms(count, bound),
                                                        matrix.rows,
                                                        matrix.columns);
                                    }
                                    case B -> scratch.zeros(new Shape(matrix.rows, matrix.columns));
                                    case HEAD -> model.weights().head();
                                });
    }

    /// Reads a PEFT folder: `adapter_config.json` and `adapter_model.safetensors`.
    ///
    /// @throws Problem naming file and setting or tensor for whatever cannot be honoured
    public static Lora load(LanguageModel model, Path folder) {
        return PeftFolder.load(model, folder, PeftFolder.settings(folder));
    }

    /// Reads a PEFT folder to train on with another dropout.
    ///
    /// @throws Problem as [#load]
    public static Lora load(LanguageModel model, Path folder, double dropout) {
        return PeftFolder.load(model, folder, PeftFolder.settings(folder).withDropout(dropout));
    }

    /// Writes a PEFT folder, values in float32, or float64 where they are that.
    public void save(Path folder) {
        PeftFolder.save(this, folder);
    }

    /// An adapter of the same values with matrices of its own.
    ///
    /// @param memory owns them
    Lora copy(LanguageModel model, NDManager memory) {
        Map<String, NDArray> values = new HashMap<>();
        parameters().forEach(matrix -> values.put(matrix.name(), matrix.value()));
        return build(
                model,
                settings,
                memory,
                _ -> matrix -> requireNonNull(values.get(matrix.name()), matrix.name()));
    }

    static Lora build(LanguageModel model, LoraSettings settings, Source source) {
        return build(model, settings, model.torch().newScope(), source);
    }

    private static Lora build(
            LanguageModel model, LoraSettings settings, NDManager memory, Source source) {
        ModelConfig config = model.config();
        checkTargets(config, settings.targets());
        Kernels kernels = model.torch().kernels();
        var lora = new Lora(settings, kernels, memory);
        var keeping =
                new Weights.Keeping(kernels, lora.memory, model.precision(), Weights.Kind.TRAINED);
        try (NDManager scratch = model.torch().newScope()) {
            Function<Matrix, NDArray> values = source.apply(scratch);
            Function<Matrix, Parameter> trained =
                    matrix -> Tensors.train(keeping, matrix.name, values.apply(matrix));
            for (int layer = 0; layer < config.layers(); layer++) {
                lora.layers.add(pairs(config, layer, settings, trained));
            }
            if (settings.hasHead()) {
                lora.head =
                        trained.apply(
                                new Matrix(
                                        "base_model.model." + Layout.HEAD,
                                        Matrix.Kind.HEAD,
                                        config.vocabSize(),
                                        config.hiddenSize()));
            }
        } catch (Problem e) {
            lora.close();
            throw e;
        }
        return lora;
    }

    private static Map<Projection, Pair> pairs(
            ModelConfig config,
            int layer,
            LoraSettings settings,
            Function<Matrix, Parameter> trained) {
        var pairs = new EnumMap<Projection, Pair>(Projection.class);
        for (Projection projection : adapted(config, settings.targets(), layer)) {
            List<Long> shape = config.layout().weight(layer, projection).shape();
            String name = "base_model.model." + path(config, layer, projection);
            long r = settings.r();
            pairs.put(
                    projection,
                    new Pair(
                            trained.apply(
                                    new Matrix(
                                            name + ".lora_A.weight",
                                            Matrix.Kind.A,
                                            r,
                                            shape.get(1))),
                            trained.apply(
                                    new Matrix(
                                            name + ".lora_B.weight",
                                            Matrix.Kind.B,
                                            shape.get(0),
                                            r))));
        }
        return pairs;
    }

    /// The projections of a layer that get matrices.
    static List<Projection> adapted(ModelConfig config, Targets targets, int layer) {
        return Arrays.stream(Projection.values())
                .filter(projection -> targets.include(path(config, layer, projection)))
                .toList();
    }

    private static String path(ModelConfig config, int layer, Projection projection) {
        return "%s.layers.%d.%s".formatted(config.decoderPath(), layer, projection.path());
    }

    /// Every name must mean a projection, and a pattern some projection and nothing else that PEFT
    /// would adapt.
    static void checkTargets(ModelConfig config, Targets targets) {
        List<String> paths = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                paths.add(path(config, layer, projection));
            }
        }
        for (String name : targets.names()) {
            if (paths.stream().noneMatch(path -> Targets.names(path, name))) {
                throw Problem.badRequest(
                        "The adapter's targets name \"%s\", which is no projection of the model."
                                .formatted(name),
                        "Known are %s.".formatted(Projection.known()));
            }
        }
        if (paths.stream().noneMatch(targets::include)) {
            throw Problem.badRequest(
                    "The adapter's pattern of targets, %s, matches no projection of the model."
                            .formatted(targets.pattern()),
                    "It must match a whole path such as %s.".formatted(paths.getFirst()));
        }
        for (String other : List.of(LoraSettings.HEAD, config.decoderPath() + ".embed_tokens")) {
            if (targets.pattern() != null && targets.include(other)) {
                throw Problem.badRequest(
                        "The adapter's pattern of targets, %s, matches %s."
                                .formatted(targets.pattern(), other),
                        "Only projections of the layers get low-rank matrices.");
            }
        }
    }

    Kernels kernels() {
        return kernels;
    }

    public LoraSettings settings() {
        return settings;
    }

    /// A and B of the seven projections in turn, as the layer kernel takes them.
    List<NDArray> layer(int index) {
        return layer(index, Parameter::value);
    }

    /// Where the gradients of [#layer] gather.
    List<NDArray> layerGradients(int index) {
        return layer(index, Parameter::gradient);
    }

    private List<NDArray> layer(int index, Function<Parameter, NDArray> tensor) {
        return Stream.of(Projection.values())
                .map(layers.get(index)::get)
                .flatMap(
                        pair ->
                                pair == null
                                        ? Stream.of(kernels.none(), kernels.none())
                                        : Stream.of(pair.a, pair.b).map(tensor))
                .toList();
    }

    /// The matrices of the projection with this weight; null where it has none.
    @Nullable Pair pair(int layer, LayerTensor weight) {
        for (Map.Entry<Projection, Pair> entry : layers.get(layer).entrySet()) {
            if (entry.getKey().weight() == weight) {
                return entry.getValue();
            }
        }
        return null;
    }

    private List<Parameter> layerParameters(int index) {
        return layers.get(index).values().stream()
                .flatMap(pair -> Stream.of(pair.a, pair.b))
                .toList();
    }

    /// The trained copy of the head; null where the model's own is used.
    @Nullable Parameter head() {
        return head;
    }

    /// All matrices, layer by layer, and the head; named as PEFT's file names them.
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            all.addAll(layerParameters(layer));
        }
        if (head != null) {
            all.add(head);
        }
        return List.copyOf(all);
    }

    /// Frees the matrices and their gradients.
    @Override
    public void close() {
        memory.close();
    }
}
