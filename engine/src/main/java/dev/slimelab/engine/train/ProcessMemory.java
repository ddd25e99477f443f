package dev.slimelab.engine.train;

import java.io.IOException;
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
