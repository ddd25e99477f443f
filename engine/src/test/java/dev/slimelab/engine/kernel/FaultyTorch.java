package dev.slimelab.engine.kernel;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.TorchScriptBridge;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A libtorch that runs out of memory at a chosen call, as a full GPU does.
public final class FaultyTorch {
    private FaultyTorch() {}

    /// The same libtorch, with one call that fails.
    ///
    /// @param kernel whose calls count
    /// @param call the one that fails, from 1
    public static Torch outOfMemory(Torch torch, String kernel, int call) {
        var calls = new AtomicInteger();
        return torch.through(
                (module, name, scope, arguments) -> {
                    if (name.equals(kernel) && calls.incrementAndGet() == call) {
                        throw new EngineException(
                                "The following operation failed in the TorchScript interpreter.\n"
                                        + "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total"
                                        + " capacity of 79.10 GiB of which 1.12 GiB is free.\nSee"
                                        + " documentation for Memory Management");
                    }
                    return TorchScriptBridge.run(module, name, scope, arguments);
                });
    }

    /// The same for the second of several devices.
    public static Torch outOfMemoryBeside(Torch torch, String kernel, int call) {
        return torch.beside(List.of(outOfMemory(torch.others().getFirst(), kernel, call)));
    }
}
