package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;

import java.io.ByteArrayInputStream;
import java.util.List;

/// Runs methods of a TorchScript module with lists and numbers as arguments, which DJL's public API
/// does not offer. Everything that depends on DJL's internals is on this page.
public final class TorchScriptBridge {
    private static final PyTorchLibrary LIBRARY = PyTorchLibrary.LIB;
    private static final int COPY_BUFFER = 1 << 16;

    private TorchScriptBridge() {}

    /// Loads a TorchScript archive. The module stays for the life of the process.
    ///
    /// @param device DJL's pair of device type and index, as [#deviceOf] gives it
    /// @return the native handle of the module
    public static long load(byte[] archive, int[] device) {
        return LIBRARY.moduleLoad(
                new ByteArrayInputStream(archive), device, true, new byte[COPY_BUFFER], -1);
    }

    /// The native name of a manager's device.
    public static int[] deviceOf(NDManager manager) {
        var device = manager.getDevice();
        return new int[] {
            ai.djl.pytorch.engine.PtDeviceType.toDeviceType(device), device.getDeviceId()
        };
    }

    /// Runs one method.
    ///
    /// Grad mode and graph optimisation are thread-local in libtorch, so both are switched off for
    /// every call: whichever thread calls gets the same arithmetic. Without graph optimisation the
    /// interpreter runs each operator as it stands, which is what bit-identical repetition needs.
    ///
    /// @param scope owns the results
    /// @param arguments tensors, lists of tensors, `Long`, `Double`, `Boolean`, `String` or
    ///   `long[]`
    /// @return the tensors of a method that returns `Tensor` or `List[Tensor]`, else nothing
    public static NDArray[] run(long module, String method, NDManager scope, Object... arguments) {
        LIBRARY.torchSetGradMode(false);
        LIBRARY.setGraphExecutorOptimize(false);
        long[] values = new long[arguments.length];
        int made = 0;
        try {
            for (Object argument : arguments) {
                values[made] = toNative(argument);
                made++;
            }
            long result = LIBRARY.moduleRunMethod(module, method, values, true, false);
            try {
                return tensors(result, (PtNDManager) scope);
            } finally {
                LIBRARY.torchDeleteIValue(result);
            }
        } finally {
            for (int i = 0; i < made; i++) {
                LIBRARY.torchDeleteIValue(values[i]);
            }
        }
    }

    private static NDArray[] tensors(long value, PtNDManager scope) {
        if (LIBRARY.iValueIsTensor(value)) {
            return new NDArray[] {new PtNDArray(scope, LIBRARY.iValueToTensor(value))};
        }
        if (!LIBRARY.iValueIsTensorList(value)) {
            return new NDArray[0];
        }
        long[] handles = LIBRARY.iValueToTensorList(value);
        NDArray[] arrays = new NDArray[handles.length];
        for (int i = 0; i < handles.length; i++) {
            arrays[i] = new PtNDArray(scope, handles[i]);
        }
        return arrays;
    }

    private static long toNative(Object argument) {
        return switch (argument) {
            case NDArray tensor -> LIBRARY.iValueFromTensor(handle(tensor));
            case List<?> tensors ->
                    LIBRARY.iValueFromTensorList(
                            tensors.stream()
                                    .mapToLong(tensor -> handle((NDArray) tensor))
                                    .toArray());
            case Long number -> LIBRARY.iValueFromLong(number);
            case Double number -> LIBRARY.iValueFromDouble(number);
            case String text -> LIBRARY.iValueFromString(text);
            case Boolean flag -> LIBRARY.iValueFromBool(flag);
            case long[] numbers -> LIBRARY.iValueFromLongList(numbers);
            default ->
                    throw new IllegalArgumentException(
                            "A kernel takes no " + argument.getClass().getName());
        };
    }

    private static long handle(NDArray tensor) {
        return ((PtNDArray) tensor).getHandle();
    }
}
