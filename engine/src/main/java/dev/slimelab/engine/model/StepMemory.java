package dev.slimelab.engine.model;

import dev.slimelab.engine.kernel.Precision;

import org.jspecify.annotations.Nullable;

/// What one micro-batch of a training step keeps on its device, in bytes, by arithmetic: nothing is
/// opened for it.
///
/// A reference model of its own, what libtorch's allocator rounds up, and the driver's part of a
/// card (some hundred megabytes) come on top.
///
/// @param lasting what stays all through a run
/// @param kept what layers keep between forward and backward
/// @param working the most that is made besides, at a rough guess from above: a layer's gradients
///   on their way, or one chunk of the head's logits, and the adapter in the compute type
public record StepMemory(ModelFacts.Memory lasting, long kept, long working) {
    /// Of a micro-batch.
    ///
    /// @param adapter null where all weights are trained
    /// @param tokens of all its rows
    /// @param checkpointEvery see [PassOptions#checkpointEvery]
    public static StepMemory of(
            ModelFacts facts,
            Precision precision,
            @Nullable LoraSettings adapter,
            long tokens,
            int checkpointEvery) {
        ModelConfig config = facts.config();
        PassOptions options = PassOptions.training().withCheckpoints(checkpointEvery);
        long numbers = 0;
        long queries = (long) config.heads() * config.headDim();
        for (int layer = 0; layer < config.layers(); layer++) {
            numbers += config.hiddenSize() + queries;
            if (!options.checkpoints(layer)) {
                numbers += computedAgain(config, adapter, layer);
            }
        }
        long widest = Math.max(config.intermediateSize(), queries);
        long ofLayer = tokens * (4 * widest + 6L * config.hiddenSize()) * precision.bytes();
        long ofHead =
                2 * Decoder.headChunk(config) * config.vocabSize() * precision.ofTrained().bytes();
        long ofAdapter =
                adapter == null || precision == precision.ofTrained()
                        ? 0
                        : facts.trainedParameters() * precision.bytes();
        return new StepMemory(
                facts.memory(precision),
                numbers * tokens * precision.bytes(),
                Math.max(ofLayer, ofHead) + ofAdapter);
    }

    /// Numbers per token that the kernel `layer_again` returns.
    private static long computedAgain(
            ModelConfig config, @Nullable LoraSettings adapter, int layer) {
        ModelFamily.Block block = config.family().block();
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.keyValueHeads() * config.headDim();
        long residual = hidden + (block.outputNorms() ? 2 * hidden : 0);
        long attention = queries + 2 * keys + (block.headNorms() ? queries + keys : 0);
        long mlp = 2L * config.intermediateSize();
        long middles =
                adapter == null
                        ? 0
                        : (long) adapter.r()
                                * Lora.adapted(config, adapter.targets(), layer).size();
        return residual + attention + mlp + middles;
    }

    public long total() {
        return lasting.total() + kept + working;
    }
}
