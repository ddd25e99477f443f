package dev.slimelab.engine.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Tells the C library to keep the memory that one operator frees for the next one.
///
/// A training step allocates and frees the same few megabytes hundreds of times. Left alone, glibc
/// hands them back to the system each time, and the page faults of getting them again cost a third
/// of a small model's step.
final class NativeHeap {
    private static final int TRIM_THRESHOLD = -1;
    private static final int TOP_PAD = -2;
    private static final int MMAP_THRESHOLD = -3;
    private static final int ARENA_MAX = -8;

    private NativeHeap() {}

    /// Does nothing where the C library is not glibc.
    static void keepFreedMemory() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> symbol = linker.defaultLookup().find("mallopt");
        if (symbol.isEmpty()) {
            return;
        }
        MethodHandle mallopt =
                linker.downcallHandle(
                        symbol.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        // The heaps of other threads than the first cannot hold large tensors, so all use one.
        set(mallopt, ARENA_MAX, 1);
        // Larger values are refused by glibc before 2.35.
        set(mallopt, MMAP_THRESHOLD, 32 << 20);
        set(mallopt, TRIM_THRESHOLD, 1 << 30);
        set(mallopt, TOP_PAD, 64 << 20);
    }

    private static void set(MethodHandle mallopt, int parameter, int value) {
        try {
            int _ = (int) mallopt.invokeExact(parameter, value);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
