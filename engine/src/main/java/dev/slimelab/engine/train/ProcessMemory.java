package dev.slimelab.engine.train;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of this process that is in RAM, in bytes; NaN where the system does not say.
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PEAK = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";

    private ProcessMemory() {}

    static double residentBytes() {
        return bytes("VmRSS:");
    }

    /// The most since the process started, or since [#forgetPeak].
    static double peakBytes() {
        return bytes("VmHWM:");
    }

    static void forgetPeak() {
        try {
            if (Files.isWritable(PEAK)) {
                Files.writeString(PEAK, RESET_PEAK);
            }
        } catch (IOException _) {
            // Then the peak includes what came before, which is true of the process as a whole.
        }
    }

    /// Gives the system what malloc keeps though nothing uses it; without glibc, nothing.
    static void giveBackFree() {
        if (Malloc.TRIM == null) {
            return;
        }
        try {
            int _ = (int) Malloc.TRIM.invokeExact(0L);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc_trim could not be called", e);
        }
    }

    /// Found when it is first wanted.
    private static final class Malloc {
        static final @Nullable MethodHandle TRIM =
                Linker.nativeLinker()
                        .defaultLookup()
                        .find("malloc_trim")
                        .map(Malloc::handle)
                        .orElse(null);

        private static MethodHandle handle(MemorySegment function) {
            return Linker.nativeLinker()
                    .downcallHandle(
                            function,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        }
    }

    /// Memory of the machine.
    static double machineBytes() {
        return bytes(Path.of("/proc/meminfo"), "MemTotal:");
    }

    private static double bytes(String field) {
        return bytes(STATUS, field);
    }

    private static double bytes(Path file, String field) {
        if (!Files.isReadable(file)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException _) {
            return Double.NaN;
        }
    }
}
