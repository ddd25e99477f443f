package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// AdamW with decoupled weight decay (arXiv 1711.05101), arithmetic as `torch.optim.AdamW`.
///
/// Owns both moments of every parameter. Decay applies to all parameters alike, norms included, as
/// in torch's default of one parameter group.
public final class AdamW implements AutoCloseable {
    /// torch.nn.utils.clip_grad_norm_ adds this to the norm it divides by.
    private static final double CLIP_EPSILON = 1e-6;

    private final Settings settings;
    private final Torch torch;
    private final Kernels kernels;
    private final NDManager memory;
    private final List<Parameter> parameters;
    private final List<NDArray> values;
    private final List<NDArray> gradients;
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> second = new ArrayList<>();
    private long steps;

    /// Hyper-parameters that stay the same for a whole run.
    ///
    /// @param weightDecay per step and unit of learning rate
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        public static Settings standard() {
            return new Settings(0.9, 0.999, 1e-8, 0);
        }
    }

    public AdamW(LanguageModel model, Settings settings) {
        this.settings = settings;
        this.torch = model.torch();
        this.kernels = torch.kernels();
        this.memory = torch.newScope();
        this.parameters = model.parameters();
        this.values = parameters.stream().map(Parameter::value).toList();
        this.gradients = parameters.stream().map(Parameter::gradient).toList();
        Precision type = model.precision().ofTrained();
        for (NDArray value : values) {
            long[] shape = value.getShape().getShape();
            first.add(kernels.zeros(memory, type, shape));
            second.add(kernels.zeros(memory, type, shape));
        }
    }

    /// Moves every parameter by its gathered gradient. Gradients stay; see [#zeroGradients].
    public void step(double learningRate) {
        steps++;
        var step =
                new Kernels.AdamWStep(
                        steps,
                        learningRate,
                        settings.beta1,
                        settings.beta2,
                        settings.epsilon,
                        settings.weightDecay);
        kernels.adamw(memory, values, gradients, first, second, step);
    }

    public void zeroGradients() {
        kernels.zero(memory, gradients);
    }

    /// Euclidean norm of all gradients together.
    public double gradNorm() {
        try (NDManager scope = torch.newScope()) {
            return kernels.norm(scope, gradients);
        }
    }

    /// Scales all gradients so that their common norm is at most `maxNorm`, as
    /// `torch.nn.utils.clip_grad_norm_`.
    ///
    /// @return the norm before
    public double clip(double maxNorm) {
        double norm = gradNorm();
        double factor = maxNorm / (norm + CLIP_EPSILON);
        if (factor < 1) {
            kernels.scale(memory, gradients, factor);
        }
        return norm;
    }

    /// How often [#step] was called, also in earlier runs that were continued.
    public long steps() {
        return steps;
    }

    /// Writes steps and moments: a safetensors file with tensors NAME.first and NAME.second in the
    /// trained type and `steps` in its metadata.
    public void save(Path file) {
        Map<String, Safetensors.Content> tensors = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            tensors.put(name + ".first", Tensors.content(kernels, first.get(i)));
            tensors.put(name + ".second", Tensors.content(kernels, second.get(i)));
        }
        Safetensors.write(file, tensors, Map.of("steps", Long.toString(steps)));
    }

    /// Continues from what [#save] wrote.
    ///
    /// @throws dev.slimelab.engine.problem.Problem when the file belongs to other parameters
    public void load(Path path) {
        try (Safetensors file = Safetensors.open(path);
                NDManager scope = torch.newScope()) {
            var stored = new StoredTensors(kernels, scope, file);
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i).name();
                stored.restore(name + ".first", first.get(i));
                stored.restore(name + ".second", second.get(i));
            }
            steps = Long.parseLong(file.metadata().getOrDefault("steps", "0"));
        }
    }

    /// Frees the moments; the parameters stay.
    @Override
    public void close() {
        memory.close();
    }
}
