package dev.slimelab.engine.device;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/// How full a GPU is, and of several the fullest, asked of the driver every other second on a
/// thread of its own, so that no step waits for the answer.
///
/// That is everything on the card: what libtorch has reserved, which it keeps for reuse, the
/// driver's part, and other programs. libtorch's own count of what tensors take cannot be asked
/// through DJL.
public final class DeviceMemory implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final @Nullable Thread watcher;
    private volatile double used = Double.NaN;
    private volatile double peak = Double.NaN;

    private DeviceMemory(NvidiaSmi smi, List<Gpu> gpus) {
        watcher =
                gpus.isEmpty()
                        ? null
                        : Thread.ofPlatform()
                                .daemon()
                                .name("device-memory")
                                .start(() -> watch(smi, gpus));
    }

    /// Begins to look.
    ///
    /// @param gpus none for the CPU, of which nothing is said here
    public static DeviceMemory watch(List<Gpu> gpus) {
        return new DeviceMemory(NvidiaSmi.here(), gpus);
    }

    /// At the last look, in bytes; NaN before it, and on the CPU.
    public double usedBytes() {
        return used;
    }

    /// The most of all looks.
    public double peakBytes() {
        return peak;
    }

    private void watch(NvidiaSmi smi, List<Gpu> gpus) {
        while (!Thread.currentThread().isInterrupted()) {
            double now = gpus.stream().mapToDouble(smi::usedBytes).max().orElse(Double.NaN);
            used = now;
            peak = Double.isNaN(peak) ? now : Math.max(peak, now);
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.interrupt();
        }
    }
}
