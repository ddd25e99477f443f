package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.random.SplitMix64;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A low-rank adapter: for each targeted projection of each layer a matrix A (r, in) and a matrix B
/// (out, r), both trained; the projection's output gains scale * B A x.
public final class Lora implements AutoCloseable {
    private final LoraSettings settings;
    private final Kernels kernels;
    private final NDManager memory;
    private final List<List<NDArray>> layers = new ArrayList<>();
    private final List<List<Parameter>> parameters = new ArrayList<>();

    /// Where the values of matrices come from, given an owner of what is only needed until the
    /// adapter is made.
    interface Source extends Function<NDManager, Function<Matrix, NDArray>> {}

    /// One of an adapter's matrices.
    ///
    /// @param name as PEFT's file names it
    record Matrix(String name, boolean isA, long rows, long columns) {}

    private Lora(LoraSettings settings, Kernels kernels, NDManager memory) {
        this.settings = settings;
        this.kernels = kernels;
        this.memory = memory;
    }

    /// A fresh adapter as PEFT makes it: A uniform in plus or minus 1 / sqrt(in) (Kaiming with a =
    /// sqrt 5), B zero, so that it changes nothing yet.
    ///
    /// @param seed of the matrices A; each draws from its own stream
    public static Lora create(LanguageModel model, LoraSettings settings, long seed) {
        return build(
                model,
                settings,
                scratch ->
                        matrix -> {
                            long count = matrix.rows() * matrix.columns();
                            float[] values =
                                    matrix.isA()
                                            ? SplitMix64.named(seed, matrix.name())
                                                    .uniforms(
                                                            count,
                                                            1
                                                                    / Math.sqrt(
                                                                            (double)
                                                                                    matrix
                                                                                            .columns()))
                                            : new float[Math.toIntExact(count)];
                            return scratch.create(
                                    values, new Shape(matrix.rows(), matrix.columns()));
                        });
    }

    /// Reads a PEFT folder: `adapter_config.json` and `adapter_model.safetensors`.
    ///
    /// @throws dev.slimelab.engine.problem.Problem naming file and setting or tensor for whatever
    ///   cannot be honoured
    public static Lora load(LanguageModel model, Path folder) {
        return PeftFolder.load(model, folder);
    }

    /// Writes a PEFT folder, values in float32, or float64 where they are that.
    public void save(Path folder) {
        PeftFolder.save(this, folder);
    }

    static Lora build(LanguageModel model, LoraSettings settings, Source source) {
        Kernels kernels = model.torch().kernels();
        var lora = new Lora(settings, kernels, model.torch().newScope());
        var keeping =
                new Weights.Keeping(kernels, lora.memory, model.precision(), Weights.Kind.TRAINED);
        try (NDManager scratch = model.torch().newScope()) {
            Function<Matrix, NDArray> values = source.apply(scratch);
            for (int layer = 0; layer < model.config().layers(); layer++) {
                lora.addLayer(model.config(), layer, keeping, values);
            }
        }
        return lora;
    }

    private void addLayer(
            ModelConfig config,
            int layer,
            Weights.Keeping keeping,
            Function<Matrix, NDArray> source) {
        var tensors = new ArrayList<NDArray>();
        var trained = new ArrayList<Parameter>();
        for (Projection projection : Projection.values()) {
            if (!settings.targets().contains(projection)) {
                tensors.add(keeping.kernels().none());
                tensors.add(keeping.kernels().none());
                continue;
            }
            for (Matrix matrix : matrices(config, layer, projection, settings.r())) {
                Parameter parameter = Tensors.train(keeping, matrix.name(), source.apply(matrix));
                tensors.add(parameter.value());
                trained.add(parameter);
            }
        }
        layers.add(List.copyOf(tensors));
        parameters.add(List.copyOf(trained));
    }

    /// A and B of one projection.
    private static List<Matrix> matrices(
            ModelConfig config, int layer, Projection projection, int r) {
        String path = "layers.%d.%s".formatted(layer, projection.path());
        TensorSpec weight =
                config.layout().layers().get(layer).stream()
                        .filter(spec -> spec.name().endsWith(path + ".weight"))
                        .findFirst()
                        .orElseThrow();
        String name = "base_model.model.model." + path;
        return List.of(
                new Matrix(name + ".lora_A.weight", true, r, weight.shape().get(1)),
                new Matrix(name + ".lora_B.weight", false, weight.shape().get(0), r));
    }

    Kernels kernels() {
        return kernels;
    }

    public LoraSettings settings() {
        return settings;
    }

    /// A and B of the seven projections in turn, as the layer kernel takes them.
    List<NDArray> layer(int index) {
        return layers.get(index);
    }

    List<Parameter> layerParameters(int index) {
        return parameters.get(index);
    }

    /// All matrices, layer by layer, named as PEFT's file names them.
    public List<Parameter> parameters() {
        return parameters.stream().flatMap(List::stream).toList();
    }

    /// Frees the matrices and their gradients.
    @Override
    public void close() {
        memory.close();
    }
}
