package dev.slimelab.engine.device;

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

    private final NvidiaSmi smi;
    private final List<Gpu> gpus;
    private final Thread watcher;
    private volatile double used = Double.NaN;
    private volatile double peak = Double.NaN;

    DeviceMemory(NvidiaSmi smi, List<Gpu> gpus) {
        this.smi = smi;
        this.gpus = gpus;
        this.watcher =
                Thread.ofPlatform().daemon().name("device-memory").unstarted(this::lookNowAndThen);
    }

    /// Begins to look.
    ///
    /// @param gpus none for the CPU, of which nothing is said here
    public static DeviceMemory watch(List<Gpu> gpus) {
        var memory = new DeviceMemory(NvidiaSmi.here(), gpus);
        if (!gpus.isEmpty()) {
            memory.watcher.start();
        }
        return memory;
    }

    /// At the last look, in bytes; NaN before it, and on the CPU.
    public double usedBytes() {
        return used;
    }

    /// The most of all looks.
    public double peakBytes() {
        return peak;
    }

    /// Looks at once, and waits for the answer. What libtorch has reserved it keeps, so one look
    /// after the work sees the most there was.
    public synchronized void look() {
        used = gpus.stream().mapToDouble(smi::usedBytes).max().orElse(Double.NaN);
        peak = Double.isNaN(peak) ? used : Math.max(peak, used);
    }

    private void lookNowAndThen() {
        while (!Thread.currentThread().isInterrupted()) {
            look();
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
