package dev.slimelab.engine.train;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceLock;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.run.RunStatus.State;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A run's turn on a GPU: one run at a time, and none while it is paused. The CPU is for everybody
/// at once.
final class DeviceTurn implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Path locks;
    private final Device.@Nullable Cuda device;
    private final Path run;
    private final Consumer<String> log;
    private @Nullable HeldFile lock;

    /// Takes nothing yet.
    ///
    /// @param locks where the locks of devices are
    /// @param device the GPU; null for the CPU
    /// @param run whose turn it is, for those who wait
    /// @param log takes sentences for a person
    DeviceTurn(Path locks, Device.@Nullable Cuda device, Path run, Consumer<String> log) {
        this.locks = locks;
        this.device = device;
        this.run = run;
        this.log = log;
    }

    static DeviceTurn on(Torch torch, Path run, Consumer<String> log) {
        return new DeviceTurn(
                DeviceLock.folder(),
                torch.choice().device() instanceof Device.Cuda cuda ? cuda : null,
                run,
                log);
    }

    /// Waits until nobody else has the device.
    ///
    /// @param waits told once, before the wait
    /// @param givenUp whether the wait is over without a turn
    /// @return whether it has its turn
    boolean take(Runnable waits, BooleanSupplier givenUp) throws InterruptedException {
        if (device == null) {
            return true;
        }
        boolean waiting = false;
        while (!givenUp.getAsBoolean()) {
            lock = DeviceLock.tryTake(locks, device, run.toString());
            if (lock != null) {
                return true;
            }
            if (!waiting) {
                waiting = true;
                waits.run();
                String holder = DeviceLock.holder(locks, device);
                log.accept("Waits for %s; %s has it.".formatted(device, holder));
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /// Returns at once, or after a pause, during which the device belongs to others: its memory
    /// too, but for what the driver keeps for a process.
    void pause(Torch torch, Heartbeat heartbeat) throws InterruptedException {
        if (device == null || !heartbeat.pauseAsked()) {
            heartbeat.awaitPermission();
            return;
        }
        try (Torch.Parked _ = torch.park()) {
            close();
            heartbeat.awaitPermission();
            // A run that is stopped meanwhile has a result to write, turn or not.
            take(() -> heartbeat.enter(State.QUEUED), heartbeat::stopAsked);
        }
        heartbeat.enter(State.TRAINING);
    }

    /// Leaves the device to others.
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
