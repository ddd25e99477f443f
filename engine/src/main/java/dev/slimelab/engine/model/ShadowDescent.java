package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;

import java.util.List;

/// Plain gradient descent that leaves no trace: closing it gives a model's parameters the values
/// back, bit for bit, that they had when it was made, and zeroes their gradients.
public final class ShadowDescent implements AutoCloseable {
    private final Kernels kernels;
    private final NDManager memory;
    private final List<NDArray> values;
    private final List<NDArray> gradients;
    private final List<NDArray> before;

    public ShadowDescent(LanguageModel model) {
        this.kernels = model.torch().kernels();
        this.memory = model.torch().newScope();
        this.values = model.parameters().stream().map(Parameter::value).toList();
        this.gradients = model.parameters().stream().map(Parameter::gradient).toList();
        this.before = values.stream().map(value -> kernels.copy(memory, value)).toList();
        kernels.zero(memory, gradients);
    }

    /// Moves every parameter against its gathered gradient, and zeroes the gradients.
    public void step(double learningRate) {
        kernels.descend(memory, values, gradients, learningRate);
        kernels.zero(memory, gradients);
    }

    @Override
    public void close() {
        for (int i = 0; i < values.size(); i++) {
            kernels.assign(memory, values.get(i), before.get(i));
        }
        kernels.zero(memory, gradients);
        memory.close();
    }
}
