package dev.slimelab.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.TorchScriptBridge;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.kernel.Kernels.Choice;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/// Kernels compute where their tensors are, and none looks at a value on its way.
///
/// Shown on libtorch's `meta` device, which has shapes and no numbers: a tensor that a kernel makes
/// elsewhere cannot be combined with these, and whatever reads a number, as a hidden wait for a GPU
/// would, fails. Layers, look-ups and masks use operators that have no such form without Python
/// (`roll`, `index_select`, `logical_and`); of those [KernelTextTest] reads the text.
class OneDeviceTest {
    private static final int FLOAT32 = 6;
    private static final int FLOAT64 = 7;
    private static final int INT64 = 4;

    /// h hidden, d the width of a head, v vocabulary, r rank.
    private static final long H = 8;

    private static final long D = 4;
    private static final long V = 16;
    private static final long R = 2;

    private final Torch torch = Torch.start(new Device.Cpu(), 1);
    private final Kernels kernels = torch.kernels();
    private final NDManager scope = torch.newScope();
    private final long module =
            TorchScriptBridge.load(
                    TorchScriptArchive.pack(
                            """
                            def make(self, shape: List[int], type: int) -> Tensor:
                              return torch.empty(shape, dtype=type, device=torch.device("meta"))
                            def elsewhere(self, tensors: List[Tensor]) -> Tensor:
                              count = 0
                              for tensor in tensors:
                                if tensor.device.type != "meta":
                                  count += 1
                              return torch.full([1], count, dtype=7)
                            """),
                    TorchScriptBridge.deviceOf(scope));

    @AfterEach
    void close() {
        torch.close();
    }

    private NDArray meta(int type, long... shape) {
        return TorchScriptBridge.run(module, "make", scope, shape, (long) type)[0];
    }

    private void assertThere(NDArray... tensors) {
        NDArray[] count = TorchScriptBridge.run(module, "elsewhere", scope, List.of(tensors));
        assertThat(count[0].toDoubleArray()).as("tensors elsewhere").containsExactly(0);
    }

    private void assertThere(List<NDArray> tensors) {
        assertThere(tensors.toArray(NDArray[]::new));
    }

    private List<NDArray> matrices() {
        return List.of(meta(FLOAT32, R, H), meta(FLOAT32, H, R), meta(FLOAT32, H));
    }

    @Test
    void theHeadForwardAndBackward() {
        NDArray head = meta(FLOAT32, V, H);
        NDArray hidden = meta(FLOAT32, 4, H);
        NDArray mean = kernels.meanRow(scope, head, Precision.FLOAT32);
        NDArray table =
                kernels.headStatistics(scope, hidden, head, meta(INT64, 4), 3, mean, hidden);
        assertThat(table.getShape().getShape()).containsExactly(4, 8);
        NDArray slope =
                kernels.headBackward(
                        scope,
                        hidden,
                        head,
                        meta(INT64, 4),
                        kernels.column(scope, table, 0),
                        meta(FLOAT64, 4),
                        3,
                        meta(FLOAT32, V, H));
        assertThere(mean, table, slope, kernels.logits(scope, hidden, head));
        assertThere(kernels.headLikeliest(scope, hidden, head, meta(INT64, 4), 3, 2));
        assertThatThrownBy(() -> kernels.doubles(table))
                .as("the one place where numbers come back")
                .hasMessageContaining("meta");
    }

    @Test
    void theChoiceOfATokenAndARoomierCache() {
        NDArray[] next =
                kernels.nextToken(
                        scope,
                        meta(FLOAT32, 2, H),
                        meta(FLOAT32, V, H),
                        new Choice(0.7, 5, 0.9),
                        meta(FLOAT64, 2),
                        3);
        assertThere(next);
        assertThere(kernels.widen(scope, meta(FLOAT32, 2, 1, 3, D), 5));
    }

    @Test
    void whatTheOptimiserDoesToLists() {
        List<NDArray> parameters = matrices();
        kernels.scale(scope, parameters, 0.5);
        kernels.zero(scope, parameters);
        kernels.descend(scope, parameters, matrices(), 0.1);
        kernels.mix(scope, parameters, matrices(), 0.3);
        assertThere(parameters);
        assertThatThrownBy(() -> kernels.norm(scope, parameters))
                .as("its result comes back")
                .hasMessageContaining("meta");
    }

    @Test
    void whatIsMadeOfTensors() {
        NDArray weight = meta(FLOAT32, 4, H);
        kernels.assign(scope, weight, meta(FLOAT64, 4, H));
        NDArray[] made = {
            kernels.cast(scope, weight, Precision.BFLOAT16),
            kernels.rows(scope, weight, 1, 3),
            kernels.merged(scope, weight, meta(FLOAT32, R, H), meta(FLOAT32, 4, R), 2),
            kernels.copy(scope, weight),
            kernels.product(scope, weight, meta(FLOAT32, H, 4)),
        };
        assertThere(made);
    }
}
