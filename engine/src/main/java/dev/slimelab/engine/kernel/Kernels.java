package dev.slimelab.engine.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptBridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The kernels as Java methods. The mathematics is in the `.py` text resources beside this class;
/// what a tensor means and its shape is said there and here.
///
/// Shapes: b rows, l positions of a row, h hidden, n chosen positions, v vocabulary, d the width of
/// a head. "Wide" is float32, or float64 where the model computes in float64. Methods without a
/// `Grad` argument record no graph.
public final class Kernels {
    private static final List<String> SOURCES =
            List.of(
                    "common.py",
                    "embedding.py",
                    "layer.py",
                    "head.py",
                    "optimizer.py",
                    "tensors.py",
                    "generate.py");

    private final long module;
    private final NDArray anchor;

    private Kernels(long module, NDArray anchor) {
        this.module = module;
        this.anchor = anchor;
    }

    /// Whether a kernel records the graph that a later `backward` walks.
    public enum Grad {
        ON,
        OFF
    }

    /// Where tokens stand.
    ///
    /// @param positions (b, l) int64, counted within each sequence from its start
    /// @param segments (b, l) int64: 0 prompt, 1.. completions, -1 padding; 2^20 more for each
    ///   further row of a line
    public record Places(NDArray positions, NDArray segments) {}

    /// What distinguishes the layers of one model from those of another, beside weights.
    ///
    /// @param eps of the norms
    /// @param normOffset added to the norms' weights
    /// @param scoreScale factor of query times key
    /// @param gelu the gate goes through GELU (approximated with tanh) instead of SiLU
    public record LayerShape(
            double eps,
            double normOffset,
            double scoreScale,
            boolean gelu,
            long heads,
            long keyValueHeads) {}

    /// Which elements of a projection's input do not reach its low-rank matrices. Every sequence
    /// draws from a generator of its own.
    ///
    /// @param p probability of each element
    /// @param seeds one for each sequence; none for no dropout. A projection adds its index, so
    ///   seeds of different layers must be further apart than the number of projections.
    /// @param starts the first of a sequence's positions among the b * l, `ends` the one after its
    ///   last
    public record Dropout(double p, List<Long> seeds, List<Long> starts, List<Long> ends) {
        public static final Dropout NONE = new Dropout(0, List.of(), List.of(), List.of());
    }

    /// The low-rank matrices of a layer.
    ///
    /// @param matrices A and B of the seven projections in turn, empty tensors where a projection
    ///   has none; or an empty list
    /// @param scale factor of the low-rank product
    public record LowRank(List<NDArray> matrices, double scale, Dropout dropout) {
        /// A layer without adapter.
        public static final LowRank NONE = new LowRank(List.of(), 0, Dropout.NONE);
    }

    /// Everything a decoder layer needs besides its input.
    ///
    /// @param cos (b, l, 1, d), `sin` likewise, in the compute type; see [#rope]
    /// @param mask added to attention scores: (b, 1, l, keys), in the compute type
    /// @param weights the layer's tensors in the order of the kernel, empty tensors where it has
    ///   none, as stored
    /// @param cache empty, or keys and values (b, keyValueHeads, room, d), written from `offset` on
    public record LayerInput(
            NDArray cos,
            NDArray sin,
            NDArray mask,
            List<NDArray> weights,
            LowRank lora,
            LayerShape shape,
            List<NDArray> cache,
            long offset) {}

    /// Hyper-parameters of AdamW for one step.
    public record AdamWStep(
            long step,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {}

    static Kernels load(NDManager memory) {
        var text = new StringBuilder();
        for (String source : SOURCES) {
            text.append(read(source)).append('\n');
        }
        byte[] archive = TorchScriptArchive.pack(text.toString());
        long module = TorchScriptBridge.load(archive, TorchScriptBridge.deviceOf(memory));
        return new Kernels(module, memory.zeros(new Shape(0)));
    }

    /// Token vectors, times a scale, in the compute type.
    ///
    /// @param ids (b, l) int64
    /// @param weight (v, h)
    /// @return (b, l, h)
    public NDArray embed(
            NDManager scope, NDArray ids, NDArray weight, double scale, Precision compute) {
        return one(scope, Grad.OFF, "embed", ids, weight, scale, compute.torchType());
    }

    /// Adds to `weightGradient` (v, h) wide what the positions' gradients (b, l, h) say.
    public void embedBackward(
            NDManager scope,
            NDArray ids,
            NDArray outputGradient,
            double scale,
            NDArray weightGradient) {
        run(scope, Grad.OFF, "embed_backward", ids, outputGradient, scale, weightGradient);
    }

    /// Cosine and signed sine of the rotation angles, (b, l, 1, d) each, in the compute type.
    ///
    /// @param positions (b, l) int64
    /// @param inverseFrequencies (d/2) wide
    public NDArray[] rope(
            NDManager scope, NDArray positions, NDArray inverseFrequencies, Precision compute) {
        return run(scope, Grad.OFF, "rope", positions, inverseFrequencies, compute.torchType());
    }

    /// What is added to attention scores: who sees whom.
    ///
    /// A query sees the keys of the prompt and of its own segment that stand at its position or
    /// earlier, and of those the nearest `window`, itself included.
    ///
    /// @param queries of the positions that look
    /// @param keys of the positions that are looked at
    /// @return (b, 1, queries, keys) in the compute type: 0, or minus infinity
    public NDArray attentionMask(
            NDManager scope, Places queries, Places keys, long window, Precision compute) {
        return one(
                scope,
                Grad.OFF,
                "attention_mask",
                queries.positions,
                queries.segments,
                keys.positions,
                keys.segments,
                window,
                compute.torchType());
    }

    /// The same values as the input of a piece of the network whose graph starts here.
    public NDArray leaf(NDManager scope, NDArray x) {
        return one(scope, Grad.ON, "leaf", x);
    }

    /// One decoder layer.
    ///
    /// @param x (b, l, h) in the compute type
    /// @return likewise
    public NDArray layer(NDManager scope, Grad grad, NDArray x, LayerInput input) {
        return one(
                scope,
                grad,
                "layer",
                x,
                input.cos,
                input.sin,
                input.mask,
                input.weights,
                input.lora.matrices,
                input.lora.scale,
                input.lora.dropout.p,
                longs(input.lora.dropout.seeds),
                longs(input.lora.dropout.starts),
                longs(input.lora.dropout.ends),
                input.shape.eps,
                input.shape.normOffset,
                input.shape.scoreScale,
                input.shape.gelu,
                input.shape.heads,
                input.shape.keyValueHeads,
                input.cache,
                input.offset);
    }

    /// Vector-Jacobian product of one piece of the network; frees the piece's graph.
    ///
    /// @param gradients in the order of `parameters`; what this piece contributes is added
    /// @return the gradient of `input` in the compute type; empty where `input` is no [#leaf]
    public NDArray backward(
            NDManager scope,
            NDArray output,
            NDArray outputGradient,
            NDArray input,
            List<NDArray> parameters,
            List<NDArray> gradients) {
        return one(
                scope, Grad.OFF, "backward", output, outputGradient, input, parameters, gradients);
    }

    /// Hidden states of chosen positions after the final norm, (n, h) in the compute type.
    ///
    /// @param x (b, l, h)
    /// @param index (n) int64 into the b * l positions
    public NDArray finalNorm(
            NDManager scope,
            Grad grad,
            NDArray x,
            NDArray index,
            NDArray weight,
            LayerShape shape) {
        return one(scope, grad, "final_norm", x, index, weight, shape.eps, shape.normOffset);
    }

    /// Raw logits, (n, v) float64.
    public NDArray logits(NDManager scope, NDArray hidden, NDArray weight) {
        return one(scope, Grad.OFF, "logits", hidden, weight);
    }

    /// Log-probabilities of labels, at most `chunk` positions' logits at a time.
    ///
    /// @param hidden (n, h) in the compute type
    /// @param weight (v, h)
    /// @param labels (n) int64
    /// @return (n, 1) float64; with statistics (n, 6): log-probability and entropy in nats,
    ///   probability of the ten likeliest tokens together, 1 where the label is the likeliest, what
    ///   those ten add to the entropy in nats, and log of the sum of all squared probabilities
    public NDArray headLogps(
            NDManager scope,
            NDArray hidden,
            NDArray weight,
            NDArray labels,
            long chunk,
            boolean statistics) {
        return one(scope, Grad.OFF, "head_logps", hidden, weight, labels, chunk, statistics);
    }

    /// As [#headLogps], with the likeliest tokens in place of statistics.
    ///
    /// @return log-probabilities of the labels (n) float64, the `count` likeliest tokens (n, count)
    ///   int64, the best first, and theirs (n, count) float64
    public NDArray[] headLikeliest(
            NDManager scope,
            NDArray hidden,
            NDArray weight,
            NDArray labels,
            long chunk,
            long count) {
        return run(scope, Grad.OFF, "head_likeliest", hidden, weight, labels, chunk, count);
    }

    /// Mean of the raw logits over the vocabulary, (n) float64.
    public NDArray meanLogits(NDManager scope, NDArray hidden, NDArray weight) {
        return one(scope, Grad.OFF, "mean_logits", hidden, weight);
    }

    /// Gradient of the sum of c times log-probability with respect to `hidden`, (n, h).
    ///
    /// @param c (n) float64
    /// @param weightGradient (v, h) wide, added to; or empty where the head is frozen
    public NDArray headBackward(
            NDManager scope,
            NDArray hidden,
            NDArray weight,
            NDArray labels,
            NDArray c,
            long chunk,
            NDArray weightGradient) {
        return one(
                scope, Grad.OFF, "head_backward", hidden, weight, labels, c, chunk, weightGradient);
    }

    /// One step of AdamW with decoupled weight decay, as `torch.optim.AdamW`; all lists are wide,
    /// in the same order, and changed in place.
    public void adamw(
            NDManager scope,
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> first,
            List<NDArray> second,
            AdamWStep step) {
        run(
                scope,
                Grad.OFF,
                "adamw",
                parameters,
                gradients,
                first,
                second,
                step.step,
                step.learningRate,
                step.beta1,
                step.beta2,
                step.epsilon,
                step.weightDecay);
    }

    /// Euclidean norm of all tensors together.
    public double norm(NDManager scope, List<NDArray> tensors) {
        return one(scope, Grad.OFF, "norm", tensors).getDouble();
    }

    public void scale(NDManager scope, List<NDArray> tensors, double factor) {
        run(scope, Grad.OFF, "scale", tensors, factor);
    }

    public void zero(NDManager scope, List<NDArray> tensors) {
        run(scope, Grad.OFF, "zero", tensors);
    }

    /// How the next token is chosen.
    ///
    /// @param temperature 0 takes the likeliest token
    /// @param topK only among so many likeliest; 0: among all
    /// @param topP only among the fewest likeliest that together have this probability
    public record Choice(double temperature, long topK, double topP) {}

    /// What follows each of b hidden states.
    ///
    /// @param hidden (b, h) after the final norm
    /// @param uniform (b) float64 in [0, 1), the caller's random numbers
    /// @return the token (b) int64, then as [#headLikeliest] with the token as label; of the model
    ///   itself, whatever the choice is
    public NDArray[] nextToken(
            NDManager scope,
            NDArray hidden,
            NDArray head,
            Choice choice,
            NDArray uniform,
            long alternatives) {
        return run(
                scope,
                Grad.OFF,
                "next_token",
                hidden,
                head,
                choice.temperature,
                choice.topK,
                choice.topP,
                uniform,
                alternatives);
    }

    /// A longer copy of a cache.
    ///
    /// @param cache (b, kv, positions, d)
    /// @return (b, kv, room, d), zero where nothing was
    public NDArray widen(NDManager scope, NDArray cache, long room) {
        return one(scope, Grad.OFF, "widen", cache, room);
    }

    /// A file as one long tensor of a type, read when touched and never written. The mapping lasts
    /// as long as any [#piece] of it.
    ///
    /// @param fileBytes length of the file
    public NDArray mapFile(NDManager scope, Path file, long fileBytes, ElementType type) {
        return one(
                scope,
                Grad.OFF,
                "map_file",
                file.toString(),
                fileBytes / type.size(),
                type.torchType());
    }

    /// A tensor inside a mapped file, in place (on a GPU it is copied there).
    ///
    /// @param mapped made by [#mapFile] in the tensor's own type
    /// @param start in elements
    public NDArray piece(NDManager scope, NDArray mapped, long start, long[] shape) {
        return one(scope, Grad.OFF, "piece", mapped, start, shape, anchor);
    }

    /// The same, copied, for a tensor that does not start at a multiple of its element size.
    ///
    /// @param mapped made by [#mapFile] as [ElementType#BYTE]
    /// @param start in bytes
    public NDArray pieceOfBytes(
            NDManager scope, NDArray mapped, long start, long[] shape, ElementType type) {
        return one(
                scope,
                Grad.OFF,
                "piece_of_bytes",
                mapped,
                start,
                shape,
                type.torchType(),
                (long) type.size(),
                anchor);
    }

    /// The same values in the given type; the same memory where that is the type already.
    public NDArray cast(NDManager scope, NDArray x, Precision type) {
        return one(scope, Grad.OFF, "cast", x, type.torchType());
    }

    /// Rows `from` to `to` of a tensor, in place.
    public NDArray rows(NDManager scope, NDArray x, long from, long to) {
        return one(scope, Grad.OFF, "rows", x, from, to);
    }

    /// A weight with its low-rank update: weight + scale * b a, wide.
    ///
    /// @param weight (out, in); `a` (r, in); `b` (out, r)
    public NDArray merged(NDManager scope, NDArray weight, NDArray a, NDArray b, double scale) {
        return one(scope, Grad.OFF, "merged", weight, a, b, scale);
    }

    /// A copy whose memory belongs to nobody else.
    public NDArray copy(NDManager scope, NDArray x) {
        return one(scope, Grad.OFF, "copy", x);
    }

    /// Moves each tensor to (1 - share) * itself + share * target.
    public void mix(NDManager scope, List<NDArray> tensors, List<NDArray> targets, double share) {
        run(scope, Grad.OFF, "mix", tensors, targets, share);
    }

    /// Subtracts `rate` times its gradient from each tensor: one step of plain gradient descent.
    public void descend(
            NDManager scope, List<NDArray> tensors, List<NDArray> gradients, double rate) {
        run(scope, Grad.OFF, "descend", tensors, gradients, rate);
    }

    /// A trainable copy, in the type that `compute` wants for trained parameters.
    public NDArray parameter(NDManager scope, NDArray x, Precision compute) {
        return one(scope, Grad.ON, "parameter", x, compute.ofTrained().torchType());
    }

    /// Zeros of the given shape.
    public NDArray zeros(NDManager scope, Precision type, long... shape) {
        NDArray tensor = one(scope, Grad.OFF, "empty", shape, type.torchType(), anchor);
        zero(scope, List.of(tensor));
        return tensor;
    }

    /// Overwrites a tensor's values, converting types.
    public void assign(NDManager scope, NDArray target, NDArray source) {
        run(scope, Grad.OFF, "assign", target, source);
    }

    /// A copy of the raw bytes of a tensor of any type.
    public ByteBuffer bytes(NDArray x) {
        try (NDArray host = one(x.getManager(), Grad.OFF, "host", x)) {
            // Not NDArray.toByteBuffer: it asks for DJL's data type first, and bfloat16 has none.
            return JniUtils.getByteBuffer((PtNDArray) host, false);
        }
    }

    /// A tensor without elements: "there is none" in the kernels' language.
    public NDArray none() {
        return anchor;
    }

    private static long[] longs(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private NDArray one(NDManager scope, Grad grad, String kernel, Object... arguments) {
        return run(scope, grad, kernel, arguments)[0];
    }

    private NDArray[] run(NDManager scope, Grad grad, String kernel, Object... arguments) {
        return TorchScriptBridge.run(module, kernel, scope, grad == Grad.ON, arguments);
    }

    private static String read(String resource) {
        try (InputStream stream = Kernels.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The resource " + resource + " is missing.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
