package dev.slimelab.engine.model;

import dev.slimelab.engine.kernel.Precision;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What can be said of a model without opening it: its configuration, what its files hold, and what
/// follows for memory by arithmetic.
///
/// @param parameters weights of the model, those of a tied head once
/// @param storedElements how many numbers of which type the weight files hold, by the type's name
///   in safetensors; empty for random weights
/// @param storedBytes of the weight files
/// @param trainedParameters those of the adapter, or all
public record ModelFacts(
        ModelConfig config,
        long parameters,
        Map<String, Long> storedElements,
        long storedBytes,
        long trainedParameters) {
    /// What stays in memory all through a run, in bytes. Activations, the log-probs' chunks, a
    /// reference model of its own and libtorch itself come on top.
    ///
    /// @param weights that are not trained
    /// @param trained parameters that are, kept in fp32 at least
    /// @param gradients of them
    /// @param optimizer AdamW's two moments of them
    public record Memory(long weights, long trained, long gradients, long optimizer) {
        public long total() {
            return weights + trained + gradients + optimizer;
        }
    }

    /// Of a Hugging Face folder; only the headers of its weight files are read.
    ///
    /// @param adapter null where all weights are trained
    /// @throws dev.slimelab.engine.problem.Problem bad request: where the folder holds no model
    ///   that can be run, or the adapter does not fit it
    public static ModelFacts of(Path folder, @Nullable LoraSettings adapter) {
        Map<String, Long> elements = new LinkedHashMap<>();
        long bytes = 0;
        try (WeightFiles files = WeightFiles.open(folder)) {
            for (String name : files.names()) {
                Safetensors.Entry entry = files.holding(name).entry(name);
                elements.merge(entry.type(), size(entry.shape()), Long::sum);
                bytes += entry.end() - entry.begin();
            }
        }
        return of(ConfigJson.read(folder), elements, bytes, adapter);
    }

    /// Of random weights.
    public static ModelFacts of(ModelConfig config, @Nullable LoraSettings adapter) {
        return of(config, Map.of(), 0, adapter);
    }

    private static ModelFacts of(
            ModelConfig config,
            Map<String, Long> elements,
            long bytes,
            @Nullable LoraSettings adapter) {
        long parameters = config.layout().all().stream().mapToLong(ModelFacts::size).sum();
        return new ModelFacts(
                config,
                parameters,
                elements,
                bytes,
                adapter == null ? parameters : parameters(config, adapter));
    }

    /// Of an adapter: r · (out + in) for each target, and the head where it is trained as a whole.
    private static long parameters(ModelConfig config, LoraSettings adapter) {
        Lora.checkTargets(config, adapter.targets());
        Layout layout = config.layout();
        long lowRank =
                IntStream.range(0, config.layers())
                        .mapToLong(
                                layer ->
                                        Lora.adapted(config, adapter.targets(), layer).stream()
                                                .map(target -> layout.weight(layer, target).shape())
                                                .mapToLong(
                                                        shape ->
                                                                adapter.r()
                                                                        * (shape.get(0)
                                                                                + shape.get(1)))
                                                .sum())
                        .sum();
        return lowRank + (adapter.hasHead() ? size(Layout.headOf(config)) : 0);
    }

    private static long size(TensorSpec tensor) {
        return size(tensor.shape());
    }

    private static long size(List<Long> shape) {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }

    /// What training in a precision keeps in memory.
    public Memory memory(Precision precision) {
        boolean whole = trainedParameters == parameters;
        long trained = trainedParameters * precision.ofTrained().bytes();
        return new Memory(
                whole ? 0 : parameters * precision.bytes(), trained, trained, 2 * trained);
    }
}
