package dev.slimelab.engine.train;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of this process that is in RAM, in bytes; NaN where the system does not say.
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PEAK = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";

    /// A process that has grown by a twentieth gives back what is free.
    private static final double MOST_GROWTH = 1.05;

    /// After the first piece of work since memory was given back; NaN before its end.
    private static double usualBytes = Double.NaN;

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

    /// Called between pieces of work, gives the system what malloc keeps though nothing uses it,
    /// once that has become much. Where batches differ in length it grows from one to the next:
    /// pieces of one length do not fit another. The next batch has to fetch its memory again, which
    /// costs it a few hundredths of its time. Nothing happens without glibc.
    static synchronized void giveBackFree() {
        double bytes = residentBytes();
        if (bytes > MOST_GROWTH * usualBytes) {
            Malloc.trim();
            usualBytes = Double.NaN;
        } else if (Double.isNaN(usualBytes)) {
            usualBytes = bytes;
        }
    }

    /// Made when it is first wanted.
    private static final class Malloc {
        private static final @Nullable MethodHandle TRIM = find();

        private static @Nullable MethodHandle find() {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find("malloc_trim")
                    .map(
                            function ->
                                    linker.downcallHandle(
                                            function,
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)))
                    .orElse(null);
        }

        static void trim() {
            if (TRIM == null) {
                return;
            }
            try {
                int _ = (int) TRIM.invokeExact(0L);
            } catch (Throwable e) {
                throw new IllegalStateException("malloc_trim could not be called", e);
            }
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
