package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A decoder-only language model, with or without an adapter.
///
/// Owns its weights and, where it came from a folder, the mapping of the weight file; closing it
/// frees both. [#with] gives a second view of the same weights, which must not outlive the first.
///
/// Not for several threads at once.
public final class LanguageModel implements AutoCloseable {
    private final Torch torch;
    private final ModelConfig config;
    private final Precision precision;
    private final Weights weights;
    private final NDManager memory;
    private final Map<Rope, NDArray> inverseFrequencies;
    private final @Nullable Lora adapter;
    private final Set<Shortcut> shortcuts;
    private final AttentionKernel attending;

    /// Whether the model's own weights are trained; an adapter is always trained.
    public enum Training {
        FROZEN,
        FULL
    }

    private LanguageModel(
            Torch torch,
            ModelConfig config,
            Precision precision,
            Weights weights,
            NDManager memory,
            Map<Rope, NDArray> inverseFrequencies,
            @Nullable Lora adapter,
            Set<Shortcut> shortcuts,
            AttentionKernel attending) {
        this.torch = torch;
        this.config = config;
        this.precision = precision;
        this.weights = weights;
        this.memory = memory;
        this.inverseFrequencies = inverseFrequencies;
        this.adapter = adapter;
        this.shortcuts = shortcuts;
        this.attending = attending;
    }

    /// Opens a Hugging Face folder: `config.json`, and `model.safetensors` or the files that its
    /// index lists.
    ///
    /// @throws Problem naming file, setting or tensor when something is missing or does not fit
    public static LanguageModel open(
            Torch torch, Path folder, Precision precision, Training training) {
        ModelConfig config = ConfigJson.read(folder);
        NDManager memory = torch.newScope();
        try (WeightFiles files = WeightFiles.open(folder)) {
            Weights weights =
                    Weights.load(config, files, keeping(torch, memory, precision, training));
            return create(torch, config, precision, weights, memory);
        } catch (Problem e) {
            memory.close();
            throw e;
        }
    }

    /// A model with random weights that depend on nothing but configuration and seed.
    public static LanguageModel initialize(
            Torch torch,
            ModelConfig config,
            Initialization initialization,
            Precision precision,
            Training training) {
        NDManager memory = torch.newScope();
        Weights weights =
                Weights.random(config, initialization, keeping(torch, memory, precision, training));
        return create(torch, config, precision, weights, memory);
    }

    private static LanguageModel create(
            Torch torch,
            ModelConfig config,
            Precision precision,
            Weights weights,
            NDManager memory) {
        Map<Rope, NDArray> frequencies = new HashMap<>();
        for (Attention attention : config.attention()) {
            frequencies.computeIfAbsent(
                    attention.rope(),
                    rope -> {
                        double[] values = rope.inverseFrequencies(config.headDim());
                        return torch.kernels()
                                .cast(
                                        memory,
                                        torch.kernels().upload(memory, values),
                                        precision.ofTrained());
                    });
        }
        return new LanguageModel(
                torch,
                config,
                precision,
                weights,
                memory,
                frequencies,
                null,
                EnumSet.allOf(Shortcut.class),
                AttentionKernel.BLOCKS);
    }

    private static Weights.Keeping keeping(
            Torch torch, NDManager memory, Precision precision, Training training) {
        return new Weights.Keeping(
                torch.kernels(),
                memory,
                precision,
                switch (training) {
                    case FROZEN -> Weights.Kind.FROZEN;
                    case FULL -> Weights.Kind.TRAINED;
                });
    }

    /// The same weights with this adapter, instead of any other.
    public LanguageModel with(Lora newAdapter) {
        if (!weights.parameters().isEmpty()) {
            throw new IllegalStateException("An adapter needs frozen weights");
        }
        return variant(newAdapter, shortcuts, attending);
    }

    /// The same weights and adapter, run by the book where these shortcuts are concerned: for
    /// comparing.
    public LanguageModel without(Set<Shortcut> left) {
        Set<Shortcut> taken = EnumSet.copyOf(shortcuts);
        taken.removeAll(left);
        return variant(adapter, taken, attending);
    }

    /// The same weights and adapter, attending in this way.
    ///
    /// @throws Problem bad request: where the way is not for the model's precision on its device
    public LanguageModel attending(AttentionKernel other) {
        if (other == AttentionKernel.FUSED && torch.isOnGpu() && precision != Precision.BFLOAT16) {
            throw Problem.badRequest(
                    "Fused attention computes in bf16 on a GPU, not in " + precision + ".",
                    "Take bf16, or attention in blocks.");
        }
        return variant(adapter, shortcuts, other);
    }

    /// The same weights in the same memory.
    private LanguageModel variant(
            @Nullable Lora itsAdapter, Set<Shortcut> itsShortcuts, AttentionKernel itsAttending) {
        return new LanguageModel(
                torch,
                config,
                precision,
                weights,
                memory,
                inverseFrequencies,
                itsAdapter,
                itsShortcuts,
                itsAttending);
    }

    AttentionKernel attending() {
        return attending;
    }

    /// A model of its own that starts equal: it shares what is frozen and copies what is trained,
    /// so that training this one leaves it alone. It is closed by itself, before this one.
    public LanguageModel copy() {
        NDManager own = torch.newScope();
        return new LanguageModel(
                torch,
                config,
                precision,
                adapter == null ? weights.copy(own) : weights,
                own,
                inverseFrequencies,
                adapter == null ? null : adapter.copy(this, own),
                shortcuts,
                attending);
    }

    /// The same model on another device, closed by itself and before this one: the memory of frozen
    /// weights is shared where the device is the same, everything trained is a copy.
    public LanguageModel on(Torch other) {
        Kernels kernels = other.kernels();
        NDManager own = other.newScope();
        Map<Rope, NDArray> frequencies = new HashMap<>();
        inverseFrequencies.forEach(
                (rope, values) -> frequencies.put(rope, kernels.there(own, values)));
        LanguageModel plain =
                new LanguageModel(
                        other,
                        config,
                        precision,
                        weights.on(new Weights.Keeping(kernels, own, precision, weights.kind())),
                        own,
                        frequencies,
                        null,
                        shortcuts,
                        attending);
        return adapter == null ? plain : plain.with(adapter.copy(plain, own));
    }

    /// Adds to the gradients those of the same model on another device, which begin again at 0.
    public void gatherGradients(LanguageModel other) {
        try (NDManager scope = torch.newScope()) {
            torch.kernels()
                    .gather(
                            scope,
                            parameters().stream().map(Parameter::gradient).toList(),
                            other.parameters().stream().map(Parameter::gradient).toList());
        }
    }

    /// Sends what is trained, or [moved][#moveTowards], to the same model on another device.
    public void scatter(LanguageModel other) {
        try (NDManager scope = torch.newScope()) {
            torch.kernels()
                    .scatter(scope, List.copyOf(other.own().values()), List.copyOf(own().values()));
        }
    }

    /// Moves everything that `other` trains towards it: θ becomes share · θ_other + (1 − share) ·
    /// θ.
    ///
    /// An adapter's matrices move, not their product, which is the same for a share of 1 only.
    ///
    /// @param other of the same shape, as [#copy] makes it
    public void moveTowards(LanguageModel other, double share) {
        try (NDManager scope = torch.newScope()) {
            torch.kernels()
                    .mix(
                            scope,
                            List.copyOf(own().values()),
                            List.copyOf(other.own().values()),
                            share);
        }
    }

    /// The tensors that [#save] or [Lora#save] writes, by name.
    private Map<String, NDArray> own() {
        if (adapter == null) {
            return weights.values();
        }
        Map<String, NDArray> matrices = new LinkedHashMap<>();
        adapter.parameters().forEach(matrix -> matrices.put(matrix.name(), matrix.value()));
        return matrices;
    }

    /// Writes a Hugging Face folder that computes what this model computes: an adapter is merged
    /// into the weights. Trained weights are written in the type in which they are trained, frozen
    /// ones in that in which the model computes.
    ///
    /// An adapter's own head unties a tied one.
    public void save(Path folder) {
        Parameter ownHead = adapter == null ? null : adapter.head();
        ModelConfig saved = ownHead == null ? config : config.untied();
        Precision type = weights.kept();
        Layout layout = saved.layout();
        Map<String, Safetensors.Content> tensors = new LinkedHashMap<>();
        put(tensors, layout.embedding(), type, plain(weights.embedding()));
        for (int i = 0; i < saved.layers(); i++) {
            int layer = i;
            layout.layers()
                    .get(layer)
                    .forEach((place, spec) -> put(tensors, spec, type, merged(layer, place, spec)));
        }
        put(tensors, layout.finalNorm(), type, plain(weights.finalNorm()));
        if (layout.head() != null) {
            put(
                    tensors,
                    layout.head(),
                    type,
                    plain(ownHead == null ? weights.head() : ownHead.value()));
        }
        Safetensors.write(folder.resolve(WeightFiles.WHOLE), tensors, Map.of("format", "pt"));
        AtomicFile.write(
                folder.resolve("config.json"),
                ConfigJson.write(saved, type.name().toLowerCase(Locale.ROOT)).toPrettyString()
                        + System.lineSeparator());
    }

    private void put(
            Map<String, Safetensors.Content> tensors,
            TensorSpec spec,
            Precision type,
            Tensors.Rows rows) {
        tensors.put(
                spec.name(), Tensors.content(torch.kernels(), memory, spec.shape(), type, rows));
    }

    private Tensors.Rows plain(NDArray value) {
        return (scope, from, to) -> torch.kernels().rows(scope, value, from, to);
    }

    private Tensors.Rows merged(int layer, LayerTensor place, TensorSpec spec) {
        NDArray weight = weights.value(spec);
        Lora.Pair pair = adapter == null ? null : adapter.pair(layer, place);
        if (adapter == null || pair == null) {
            return plain(weight);
        }
        double scale = adapter.settings().scale();
        Kernels kernels = torch.kernels();
        return (scope, from, to) ->
                kernels.merged(
                        scope,
                        kernels.rows(scope, weight, from, to),
                        pair.a().value(),
                        kernels.rows(scope, pair.b().value(), from, to),
                        scale);
    }

    /// Puts what a run of the same shape saved in the place of what this model has: the adapter
    /// from the PEFT folder that [Lora#save] wrote, or the weights from the folder that [#save]
    /// wrote.
    ///
    /// @throws Problem naming the tensor that is missing or of another shape
    public void restore(Path folder) {
        Path weightsFile =
                adapter == null ? folder.resolve(WeightFiles.WHOLE) : PeftFolder.weights(folder);
        try (Safetensors file = Safetensors.open(weightsFile);
                NDManager scope = torch.newScope()) {
            var stored = new StoredTensors(torch.kernels(), scope, file);
            own().forEach(stored::restore);
        }
    }

    /// Runs rows through the network up to the log-probabilities of their completion tokens.
    ///
    /// @return to be closed by the caller; it holds the step's tensors
    /// @throws IllegalArgumentException where there is dropout, which draws once a row, but prompts
    ///   are not shared
    public Pass forward(List<Row> rows, PassOptions options) {
        if (!takes(Shortcut.SHARED_PROMPTS) && !options.dropoutSeeds().isEmpty()) {
            throw new IllegalArgumentException("Dropout needs shared prompts");
        }
        Batch batch = new Batch(rows, config, options.scored(), shortcuts);
        boolean keeps = takes(Shortcut.KEPT_ACTIVATIONS);
        return Pass.run(this, batch, keeps ? options : options.withCheckpoints(1));
    }

    boolean takes(Shortcut shortcut) {
        return shortcuts.contains(shortcut);
    }

    /// What is trained: the adapter's matrices if there is one, else the weights if they are
    /// trained, else nothing.
    public List<Parameter> parameters() {
        return adapter == null ? weights.parameters() : adapter.parameters();
    }

    public ModelConfig config() {
        return config;
    }

    public Precision precision() {
        return precision;
    }

    public Torch torch() {
        return torch;
    }

    public @Nullable Lora adapter() {
        return adapter;
    }

    Weights weights() {
        return weights;
    }

    /// Angle per position of each rotated pair, (headDim / 2) wide.
    NDArray inverseFrequencies(Rope rope) {
        return Objects.requireNonNull(inverseFrequencies.get(rope));
    }

    @Override
    public void close() {
        memory.close();
    }
}
