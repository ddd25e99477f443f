package dev.slimelab.engine.model;

import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The outer step of Accelerated PO (arXiv 2410.06293): θ = θ̂ + α(θ̂ − θ̂_prev), where θ̂ and
/// θ̂_prev are the results of two successive iterations, neither extrapolated.
///
/// @param alpha 0 gives θ̂ back; the paper takes 0.3
public record Extrapolation(Torch torch, double alpha) {
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    public Extrapolation {
        if (!Double.isFinite(alpha) || alpha < 0) {
            throw Problem.badRequest("alpha is " + alpha + ".", "Give a number of 0 or more.");
        }
    }

    /// Extrapolates two PEFT folders or two Hugging Face folders into one of their kind, which
    /// appears whole or not at all.
    ///
    /// The update of an adapter is the product of its matrices, so that is what is extrapolated,
    /// exactly: the result has twice the rank, A stacked and B beside each other.
    ///
    /// @param output must not exist
    /// @throws Problem bad request: where the folders do not fit each other, or the output exists
    public void write(Path latest, Path previous, Path output) {
        if (Files.exists(output)) {
            throw Problem.badRequest(output + " exists already.", "Choose another folder.");
        }
        boolean adapters = PeftFolder.isOne(latest);
        if (adapters != PeftFolder.isOne(previous)) {
            throw Problem.badRequest(
                    "Of %s and %s one is an adapter and one is not.".formatted(latest, previous),
                    "Name two PEFT folders or two Hugging Face folders.");
        }
        if (adapters) {
            adapters(latest, previous, output);
        } else {
            models(latest, previous, output);
        }
    }

    private void adapters(Path latest, Path previous, Path output) {
        LoraSettings settings = PeftFolder.settings(latest);
        requireEqual(settings, PeftFolder.settings(previous), latest, previous);
        Map<String, Safetensors.Content> tensors = new LinkedHashMap<>();
        try (Safetensors now = Safetensors.open(PeftFolder.weights(latest));
                Safetensors before = Safetensors.open(PeftFolder.weights(previous));
                NDManager scope = torch.newScope()) {
            requireEqual(now.names(), before.names(), latest, previous);
            var storedNow = new StoredTensors(torch.kernels(), scope, now);
            var storedBefore = new StoredTensors(torch.kernels(), scope, before);
            for (String name : now.names()) {
                List<Long> shape = now.entry(name).shape();
                requireEqual(shape, before.entry(name).shape(), latest, previous);
                double[] one = values(scope, storedNow, name);
                double[] other = values(scope, storedBefore, name);
                boolean wide = now.entry(name).type().equals("F64");
                if (name.endsWith(A)) {
                    tensors.put(name, stacked(wide, shape, one, other));
                } else if (name.endsWith(B)) {
                    tensors.put(name, beside(wide, shape, one, other));
                } else {
                    throw Problem.badRequest(
                            "%s holds tensor %s, which is no matrix A or B."
                                    .formatted(latest, name),
                            "Only LoRA adapters without other trained modules are supported.");
                }
            }
        }
        // The factor of the product stays what it was.
        double doubled = settings.rankStabilised() ? Math.sqrt(2) : 2;
        var wider =
                new LoraSettings(
                        2 * settings.r(),
                        doubled * settings.alpha(),
                        settings.rankStabilised(),
                        settings.dropout(),
                        settings.targets(),
                        settings.modulesToSave());
        AtomicFolder.write(output, aside -> PeftFolder.save(wider, tensors, aside));
    }

    private double[] values(NDManager scope, StoredTensors stored, String name) {
        return torch.kernels()
                .doubles(torch.kernels().cast(scope, stored.read(name), Precision.FLOAT64));
    }

    private static Safetensors.Content stacked(
            boolean wide, List<Long> shape, double[] latest, double[] previous) {
        double[] both = new double[latest.length + previous.length];
        System.arraycopy(latest, 0, both, 0, latest.length);
        System.arraycopy(previous, 0, both, latest.length, previous.length);
        return content(wide, List.of(2 * shape.get(0), shape.get(1)), both);
    }

    private Safetensors.Content beside(
            boolean wide, List<Long> shape, double[] latest, double[] previous) {
        int r = Math.toIntExact(shape.get(1));
        double[] both = new double[2 * latest.length];
        for (int i = 0; i < latest.length; i++) {
            int at = i / r * 2 * r + i % r;
            both[at] = (1 + alpha) * latest[i];
            both[at + r] = -alpha * previous[i];
        }
        return content(wide, List.of(shape.get(0), 2 * shape.get(1)), both);
    }

    private static Safetensors.Content content(boolean wide, List<Long> shape, double[] values) {
        int size = wide ? Double.BYTES : Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (wide) {
                bytes.putDouble(value);
            } else {
                bytes.putFloat((float) value);
            }
        }
        return new Safetensors.Content(wide ? "F64" : "F32", shape, bytes.flip());
    }

    private void models(Path latest, Path previous, Path output) {
        var frozen = LanguageModel.Training.FROZEN;
        try (LanguageModel now = LanguageModel.open(torch, latest, Precision.FLOAT32, frozen);
                LanguageModel before =
                        LanguageModel.open(torch, previous, Precision.FLOAT32, frozen);
                LanguageModel moved = before.copy()) {
            requireEqual(now.config(), before.config(), latest, previous);
            moved.moveTowards(now, 1 + alpha);
            AtomicFolder.write(
                    output,
                    aside -> {
                        moved.save(aside);
                        copyTokenizer(latest, aside);
                    });
        }
    }

    private static void copyTokenizer(Path from, Path to) {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            if (Files.exists(from.resolve(file))) {
                try {
                    Files.copy(from.resolve(file), to.resolve(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void requireEqual(Object one, Object other, Path latest, Path previous) {
        if (!one.equals(other)) {
            throw Problem.badRequest(
                    "%s and %s have different shapes: %s and %s."
                            .formatted(latest, previous, one, other),
                    "Extrapolate results of the same kind of run.");
        }
    }
}
