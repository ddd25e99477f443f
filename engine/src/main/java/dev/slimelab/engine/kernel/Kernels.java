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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The kernels as Java methods. The mathematics is in the `.py` text resources beside this class;
/// what a tensor means and its shape is said there and here.
///
/// Shapes: n positions of a batch, h hidden, v vocabulary, d the width of a head; b rows of l
/// positions where texts are written. "Wide" is float32, or float64 where the model computes in
/// float64. No kernel records a graph: every gradient is a kernel of its own.
public final class Kernels {
    static final List<String> SOURCES =
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
    private final NDManager host;
    private final Bridge bridge;
    private final Map<String, Long> nanos = new ConcurrentHashMap<>();
    private final LongAdder uploads = new LongAdder();
    private final LongAdder uploadedBytes = new LongAdder();
    private final LongAdder downloads = new LongAdder();
    private final LongAdder downloadedBytes = new LongAdder();

    /// What calls a kernel: [TorchScriptBridge#run], or what a test puts in its place.
    interface Bridge {
        NDArray[] run(long module, String kernel, NDManager scope, Object... arguments);
    }

    private Kernels(long module, NDArray anchor, NDManager host, Bridge bridge) {
        this.module = module;
        this.anchor = anchor;
        this.host = host;
        this.bridge = bridge;
    }

    /// The same kernels, called otherwise.
    Kernels through(Bridge other) {
        return new Kernels(module, anchor, host, other);
    }

    /// Where tokens stand.
    ///
    /// @param positions (b, l) int64, counted within each sequence from its start
    /// @param segments (b, l) int64: 0 prompt, 1.. completions, -1 padding; 2^20 more for each
    ///   further row of a batch
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

    /// Which queries look at which keys.
    public sealed interface Seen {
        /// Whether whole texts look, by the library's fused attention.
        boolean asTexts();

        /// In the order of the kernel.
        long[] numbers();

        List<NDArray> tensors();
    }

    /// Block by block, so that no more than one block's scores exist at a time.
    ///
    /// @param ranges six numbers for each block: its first query and the one after its last, and
    ///   two ranges of keys, the second maybe empty
    /// @param masks for each block what is added to the scores of its last keys: (rows, masked) in
    ///   the compute type
    public record Blocks(long[] ranges, List<NDArray> masks) implements Seen {
        @Override
        public boolean asTexts() {
            return false;
        }

        @Override
        public long[] numbers() {
            return ranges;
        }

        @Override
        public List<NDArray> tensors() {
            return masks;
        }
    }

    /// Text by text: each looks at itself, and the completions of a row at their prompt.
    ///
    /// @param numbers how many texts there are, and how many rows with completions; where each text
    ///   begins and the last one ends; the same for the completions of each row, among all
    ///   positions of completions, and for its prompt, among all positions of such prompts
    /// @param tensors the last three, the positions of completions, and those of such prompts:
    ///   int64
    public record Texts(long[] numbers, List<NDArray> tensors) implements Seen {
        @Override
        public boolean asTexts() {
            return true;
        }
    }

    /// Keys and values that a layer keeps from call to call.
    ///
    /// @param tensors keys and values (b, keyValueHeads, room, d); none for none
    /// @param offset where this call's keys and values go
    public record Cache(List<NDArray> tensors, long offset) {
        public static final Cache NONE = new Cache(List.of(), 0);
    }

    /// What a decoder layer needs besides its input.
    ///
    /// @param cos (n, 1, d), `sin` likewise, in the compute type; see [#rope]
    /// @param weights the layer's tensors in the order of the kernel, empty tensors where it has
    ///   none, as stored
    public record Layer(
            NDArray cos, NDArray sin, List<NDArray> weights, LowRank lora, LayerShape shape) {}

    /// Where a layer's gradients gather, in the order of its tensors; empty tensors where nothing
    /// is trained.
    ///
    /// @param lowRank of the matrices of [LowRank], or an empty list
    public record LayerGradients(List<NDArray> weights, List<NDArray> lowRank) {}

    /// Hyper-parameters of AdamW for one step.
    public record AdamWStep(
            long step,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {}

    /// @param memory owner of tensors on the device
    /// @param host owner of tensors in Java's memory
    static Kernels load(NDManager memory, NDManager host) {
        var text = new StringBuilder();
        for (String source : SOURCES) {
            text.append(read(source)).append('\n');
        }
        byte[] archive = TorchScriptArchive.pack(text.toString());
        long module = TorchScriptBridge.load(archive, TorchScriptBridge.deviceOf(memory));
        return new Kernels(module, memory.zeros(new Shape(0)), host, TorchScriptBridge::run);
    }

    /// What has gone between Java's memory and the device's since the engine started. Each download
    /// waits for the device; nothing else does.
    public Traffic traffic() {
        return new Traffic(
                uploads.sum(), uploadedBytes.sum(), downloads.sum(), downloadedBytes.sum());
    }

    /// Numbers of tensors, and bytes, that went to the device and came from it.
    public record Traffic(long uploads, long uploadedBytes, long downloads, long downloadedBytes) {
        public Traffic plus(Traffic other) {
            return new Traffic(
                    uploads + other.uploads,
                    uploadedBytes + other.uploadedBytes,
                    downloads + other.downloads,
                    downloadedBytes + other.downloadedBytes);
        }

        public Traffic minus(Traffic earlier) {
            return new Traffic(
                    uploads - earlier.uploads,
                    uploadedBytes - earlier.uploadedBytes,
                    downloads - earlier.downloads,
                    downloadedBytes - earlier.downloadedBytes);
        }
    }

    /// How long each kernel has run since the engine started, in nanoseconds, by its name. On a GPU
    /// that is how long it took to ask for it.
    public Map<String, Long> nanos() {
        return Map.copyOf(nanos);
    }

    /// Token vectors, times a scale, in the compute type.
    ///
    /// @param ids (n) int64
    /// @param weight (v, h)
    /// @return (n, h)
    public NDArray embed(
            NDManager scope, NDArray ids, NDArray weight, double scale, Precision compute) {
        return one(scope, "embed", ids, weight, scale, compute.torchType());
    }

    /// Adds to `weightGradient` (v, h) wide what the positions' gradients (n, h) say.
    public void embedBackward(
            NDManager scope,
            NDArray ids,
            NDArray outputGradient,
            double scale,
            NDArray weightGradient) {
        run(scope, "embed_backward", ids, outputGradient, scale, weightGradient);
    }

    /// Cosine and signed sine of the rotation angles, (n, 1, d) each, in the compute type.
    ///
    /// @param positions (n) int64
    /// @param inverseFrequencies (d/2) wide
    public NDArray[] rope(
            NDManager scope, NDArray positions, NDArray inverseFrequencies, Precision compute) {
        return run(scope, "rope", positions, inverseFrequencies, compute.torchType());
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
                "attention_mask",
                queries.positions,
                queries.segments,
                keys.positions,
                keys.segments,
                window,
                compute.torchType());
    }

    /// The masks of [Blocks]: who of a block sees whom, as [#attentionMask] has it.
    ///
    /// @param batch positions and segments (n) int64 of a whole batch
    /// @param ranges as [Blocks] has them
    /// @param masked for each block how many of its last keys the mask covers
    public List<NDArray> blockMasks(
            NDManager scope,
            Places batch,
            long[] ranges,
            long[] masked,
            long window,
            Precision compute) {
        return List.of(
                run(
                        scope,
                        "block_masks",
                        batch.positions,
                        batch.segments,
                        ranges,
                        masked,
                        window,
                        compute.torchType()));
    }

    /// One decoder layer.
    ///
    /// @param x (n, h) in the compute type
    /// @param keep whether [#layerBackward] will be called without [#layerAgain]
    /// @return the result (n, h); attention's result (n, heads * d) and a tensor that goes with it;
    ///   where `keep`, what [#layerAgain] returns
    public List<NDArray> layer(NDManager scope, NDArray x, Layer layer, Seen seen, boolean keep) {
        return List.of(
                run(
                        scope,
                        "layer",
                        x,
                        layer.cos,
                        layer.sin,
                        seen.asTexts(),
                        seen.numbers(),
                        seen.tensors(),
                        layer.weights,
                        layer.lora.matrices,
                        layer.lora.scale,
                        layer.lora.dropout.p,
                        array(layer.lora.dropout.seeds),
                        array(layer.lora.dropout.starts),
                        array(layer.lora.dropout.ends),
                        layer.shape.eps,
                        layer.shape.normOffset,
                        layer.shape.scoreScale,
                        layer.shape.gelu,
                        layer.shape.heads,
                        layer.shape.keyValueHeads,
                        keep));
    }

    /// What [#layerBackward] needs beside attention's result, computed again from it.
    ///
    /// @param x as given to [#layer]
    /// @param attended attention's result, (n, heads * d)
    public List<NDArray> layerAgain(NDManager scope, NDArray x, NDArray attended, Layer layer) {
        return List.of(
                run(
                        scope,
                        "layer_again",
                        x,
                        attended,
                        layer.cos,
                        layer.sin,
                        layer.weights,
                        layer.lora.matrices,
                        layer.lora.scale,
                        layer.lora.dropout.p,
                        array(layer.lora.dropout.seeds),
                        array(layer.lora.dropout.starts),
                        array(layer.lora.dropout.ends),
                        layer.shape.eps,
                        layer.shape.normOffset,
                        layer.shape.gelu,
                        layer.shape.heads,
                        layer.shape.keyValueHeads));
    }

    /// Backward of [#layer]: adds to `gradients`.
    ///
    /// @param slope gradient of the layer's result, (n, h)
    /// @param kept attention's result and what goes with it, then what [#layerAgain] returns
    /// @param inner whether the gradient of `x` is wanted
    /// @return gradient of `x`, (n, h); empty where it is not wanted
    public NDArray layerBackward(
            NDManager scope,
            NDArray slope,
            NDArray x,
            List<NDArray> kept,
            Layer layer,
            Seen seen,
            boolean inner,
            LayerGradients gradients) {
        return one(
                scope,
                "layer_backward",
                slope,
                x,
                kept,
                layer.cos,
                layer.sin,
                seen.asTexts(),
                seen.numbers(),
                seen.tensors(),
                layer.weights,
                layer.lora.matrices,
                layer.lora.scale,
                layer.lora.dropout.p,
                array(layer.lora.dropout.seeds),
                array(layer.lora.dropout.starts),
                array(layer.lora.dropout.ends),
                layer.shape.eps,
                layer.shape.normOffset,
                layer.shape.scoreScale,
                layer.shape.gelu,
                inner,
                gradients.weights,
                gradients.lowRank);
    }

    /// One decoder layer for b rows of l positions each, without dropout.
    ///
    /// @param x (b * l, h) in the compute type
    /// @param mask added to attention scores: (b, 1, l, keys), in the compute type
    /// @return likewise
    public NDArray maskedLayer(NDManager scope, NDArray x, Layer layer, NDArray mask, Cache cache) {
        return one(
                scope,
                "masked_layer",
                x,
                layer.cos,
                layer.sin,
                mask,
                layer.weights,
                layer.lora.matrices,
                layer.lora.scale,
                layer.shape.eps,
                layer.shape.normOffset,
                layer.shape.scoreScale,
                layer.shape.gelu,
                layer.shape.heads,
                layer.shape.keyValueHeads,
                cache.tensors,
                cache.offset);
    }

    /// Hidden states of chosen positions after the final norm, (n', h) in the compute type.
    ///
    /// @param x (n, h)
    /// @param index (n') int64 into the positions
    public NDArray finalNorm(
            NDManager scope, NDArray x, NDArray index, NDArray weight, LayerShape shape) {
        return one(scope, "final_norm", x, index, weight, shape.eps, shape.normOffset);
    }

    /// Backward of [#finalNorm]: gradient of `x`, (n, h).
    ///
    /// @param slope gradient of its result, (n', h)
    /// @param weightGradient (h) wide, added to; or empty where the norm is frozen
    public NDArray finalNormBackward(
            NDManager scope,
            NDArray slope,
            NDArray x,
            NDArray index,
            NDArray weight,
            LayerShape shape,
            NDArray weightGradient) {
        return one(
                scope,
                "final_norm_backward",
                slope,
                x,
                index,
                weight,
                shape.eps,
                shape.normOffset,
                weightGradient);
    }

    /// Raw logits, (n, v) float64.
    public NDArray logits(NDManager scope, NDArray hidden, NDArray weight) {
        return one(scope, "logits", hidden, weight);
    }

    /// Log-probabilities of labels, at most `chunk` positions' logits at a time.
    ///
    /// @param hidden (n, h) in the compute type
    /// @param weight (v, h)
    /// @param labels (n) int64
    /// @return (n, 1) float64
    public NDArray headLogps(
            NDManager scope, NDArray hidden, NDArray weight, NDArray labels, long chunk) {
        return one(scope, "head_logps", hidden, weight, labels, chunk, anchor, anchor);
    }

    /// The same with more columns.
    ///
    /// @param meanRow the head's; see [#meanRow]
    /// @param atLabels hidden states (n, h) at the labels' own positions
    /// @return (n, 8) float64: log-probability and entropy in nats, probability of the ten
    ///   likeliest tokens together, 1 where the label is the likeliest, what those ten add to the
    ///   entropy in nats, log of the sum of all squared probabilities, mean of the raw logits, and
    ///   that of the raw logits at the label's own position
    public NDArray headStatistics(
            NDManager scope,
            NDArray hidden,
            NDArray weight,
            NDArray labels,
            long chunk,
            NDArray meanRow,
            NDArray atLabels) {
        return one(scope, "head_logps", hidden, weight, labels, chunk, meanRow, atLabels);
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
        return run(scope, "head_likeliest", hidden, weight, labels, chunk, count);
    }

    /// Mean over the vocabulary of the head's rows (v, h) in the compute type: (h) wide.
    public NDArray meanRow(NDManager scope, NDArray weight, Precision compute) {
        return one(scope, "mean_row", weight, compute.torchType());
    }

    /// Gradient of the sum of c times log-probability with respect to `hidden`, (n, h).
    ///
    /// @param logps of the labels, (n) float64
    /// @param c (n) float64
    /// @param weightGradient (v, h) wide, added to; or empty where the head is frozen
    public NDArray headBackward(
            NDManager scope,
            NDArray hidden,
            NDArray weight,
            NDArray labels,
            NDArray logps,
            NDArray c,
            long chunk,
            NDArray weightGradient) {
        return one(scope, "head_backward", hidden, weight, labels, logps, c, chunk, weightGradient);
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
        return doubles(one(scope, "norm", tensors))[0];
    }

    public void scale(NDManager scope, List<NDArray> tensors, double factor) {
        run(scope, "scale", tensors, factor);
    }

    public void zero(NDManager scope, List<NDArray> tensors) {
        run(scope, "zero", tensors);
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
        return one(scope, "widen", cache, room);
    }

    /// The product of two matrices.
    public NDArray product(NDManager scope, NDArray a, NDArray b) {
        return one(scope, "product", a, b);
    }

    /// A file as one long tensor of a type, read when touched and never written. The mapping lasts
    /// as long as any [#piece] of it.
    ///
    /// @param fileBytes length of the file
    public NDArray mapFile(NDManager scope, Path file, long fileBytes, ElementType type) {
        return one(scope, "map_file", file.toString(), fileBytes / type.size(), type.torchType());
    }

    /// A tensor inside a mapped file, in place (on a GPU it is copied there).
    ///
    /// @param mapped made by [#mapFile] in the tensor's own type
    /// @param start in elements
    public NDArray piece(NDManager scope, NDArray mapped, long start, long[] shape) {
        return one(scope, "piece", mapped, start, shape, anchor);
    }

    /// The same, copied, for a tensor that does not start at a multiple of its element size.
    ///
    /// @param mapped made by [#mapFile] as [ElementType#BYTE]
    /// @param start in bytes
    public NDArray pieceOfBytes(
            NDManager scope, NDArray mapped, long start, long[] shape, ElementType type) {
        return one(
                scope,
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
        return one(scope, "cast", x, type.torchType());
    }

    /// Rows `from` to `to` of a tensor, in place.
    public NDArray rows(NDManager scope, NDArray x, long from, long to) {
        return one(scope, "rows", x, from, to);
    }

    /// A weight with its low-rank update: weight + scale * b a, wide.
    ///
    /// @param weight (out, in); `a` (r, in); `b` (out, r)
    public NDArray merged(NDManager scope, NDArray weight, NDArray a, NDArray b, double scale) {
        return one(scope, "merged", weight, a, b, scale);
    }

    /// A copy whose memory belongs to nobody else.
    public NDArray copy(NDManager scope, NDArray x) {
        return one(scope, "copy", x);
    }

    /// Moves each tensor to (1 - share) * itself + share * target.
    public void mix(NDManager scope, List<NDArray> tensors, List<NDArray> targets, double share) {
        run(scope, "mix", tensors, targets, share);
    }

    /// Subtracts `rate` times its gradient from each tensor: one step of plain gradient descent.
    public void descend(
            NDManager scope, List<NDArray> tensors, List<NDArray> gradients, double rate) {
        run(scope, "descend", tensors, gradients, rate);
    }

    /// The same values on this device; where they are there already, the same memory.
    public NDArray there(NDManager scope, NDArray x) {
        return one(scope, "there", x, anchor);
    }

    /// Adds to each tensor its like in `others`, which may be on another device, and sets those to
    /// zero.
    public void gather(NDManager scope, List<NDArray> tensors, List<NDArray> others) {
        run(scope, "gather", tensors, others);
    }

    /// Gives each tensor the values of its like in `sources`, which may be on another device.
    public void scatter(NDManager scope, List<NDArray> tensors, List<NDArray> sources) {
        run(scope, "scatter", tensors, sources);
    }

    /// Zeros of the given shape.
    public NDArray zeros(NDManager scope, Precision type, long... shape) {
        NDArray tensor = one(scope, "empty", shape, type.torchType(), anchor);
        zero(scope, List.of(tensor));
        return tensor;
    }

    /// Overwrites a tensor's values, converting types.
    public void assign(NDManager scope, NDArray target, NDArray source) {
        run(scope, "assign", target, source);
    }

    /// Whole numbers on the device, int64.
    public NDArray upload(NDManager scope, long[] values, long... shape) {
        try (NDArray made = host.create(values, shape(values.length, shape))) {
            return upload(scope, made, (long) values.length * Long.BYTES);
        }
    }

    /// The same for float64.
    public NDArray upload(NDManager scope, double[] values, long... shape) {
        try (NDArray made = host.create(values, shape(values.length, shape))) {
            return upload(scope, made, (long) values.length * Double.BYTES);
        }
    }

    /// The same for float32.
    public NDArray upload(NDManager scope, float[] values, long... shape) {
        try (NDArray made = host.create(values, shape(values.length, shape))) {
            return upload(scope, made, (long) values.length * Float.BYTES);
        }
    }

    /// Several rows of whole numbers, in one piece.
    ///
    /// @return as many vectors, int64
    public NDArray[] uploadTogether(NDManager scope, long[]... rows) {
        long[] lengths = Arrays.stream(rows).mapToLong(row -> row.length).toArray();
        long[] all = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        try (NDArray whole = upload(scope, all)) {
            return run(scope, "parts", whole, lengths);
        }
    }

    private NDArray upload(NDManager scope, NDArray made, long bytes) {
        uploads.increment();
        uploadedBytes.add(bytes);
        return one(scope, "upload", made, anchor);
    }

    private static Shape shape(int length, long[] shape) {
        return shape.length == 0 ? new Shape(length) : new Shape(shape);
    }

    /// The numbers of a float64 tensor.
    public double[] doubles(NDArray x) {
        try (NDArray here = download(x)) {
            double[] values = here.toDoubleArray();
            downloadedBytes.add((long) values.length * Double.BYTES);
            return values;
        }
    }

    /// The numbers of an int64 tensor.
    public long[] longs(NDArray x) {
        try (NDArray here = download(x)) {
            long[] values = here.toLongArray();
            downloadedBytes.add((long) values.length * Long.BYTES);
            return values;
        }
    }

    /// A copy of the raw bytes of a tensor of any type.
    public ByteBuffer bytes(NDArray x) {
        try (NDArray here = download(x)) {
            // Not NDArray.toByteBuffer: it asks for DJL's data type first, and bfloat16 has none.
            ByteBuffer bytes = JniUtils.getByteBuffer((PtNDArray) here, false);
            downloadedBytes.add(bytes.remaining());
            return bytes;
        }
    }

    /// In the host's memory; may be the tensor itself.
    private NDArray download(NDArray x) {
        downloads.increment();
        return one(x.getManager(), "host", x);
    }

    /// Returns when the device has done everything it was asked for.
    public void await() {
        try (NDManager scope = host.newSubManager()) {
            doubles(one(scope, "empty", new long[] {1}, Precision.FLOAT64.torchType(), anchor));
        }
    }

    /// Copies of tensors in the host's memory; the tensors themselves keep none, until [#unpark].
    List<NDArray> park(List<NDArray> tensors) {
        return List.of(run(host, "park", tensors));
    }

    /// Gives parked tensors their values back.
    void unpark(List<NDArray> tensors, List<NDArray> parked) {
        run(host, "unpark", tensors, parked);
    }

    /// One column of a table (n, m), as a vector (n).
    public NDArray column(NDManager scope, NDArray table, long index) {
        return one(scope, "column", table, index);
    }

    /// A tensor without elements: "there is none" in the kernels' language.
    public NDArray none() {
        return anchor;
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private NDArray one(NDManager scope, String kernel, Object... arguments) {
        return run(scope, kernel, arguments)[0];
    }

    private NDArray[] run(NDManager scope, String kernel, Object... arguments) {
        long began = System.nanoTime();
        try {
            return bridge.run(module, kernel, scope, arguments);
        } catch (RuntimeException e) {
            throw OutOfDeviceMemory.isMeantBy(e) ? new OutOfDeviceMemory(e) : e;
        } finally {
            nanos.merge(kernel, System.nanoTime() - began, Long::sum);
        }
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
