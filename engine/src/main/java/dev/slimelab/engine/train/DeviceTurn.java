package dev.slimelab.engine.train;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceLock;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.run.RunStatus.State;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A run's turn on its GPUs: one run at a time on each, and none while it is paused. The CPU is for
/// everybody at once.
///
/// Of several GPUs the lowest number is taken first, so that two runs never wait for each other.
final class DeviceTurn implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Path locks;
    private final List<Device.Cuda> devices;
    private final Path run;
    private final Consumer<String> log;
    private final List<HeldFile> taken = new ArrayList<>();

    /// Takes nothing yet.
    ///
    /// @param locks where the locks of devices are
    /// @param devices the GPUs; none for the CPU
    /// @param run whose turn it is, for those who wait
    /// @param log takes sentences for a person
    DeviceTurn(Path locks, List<Device.Cuda> devices, Path run, Consumer<String> log) {
        this.locks = locks;
        this.devices =
                devices.stream().sorted(Comparator.comparingInt(Device.Cuda::index)).toList();
        this.run = run;
        this.log = log;
    }

    static DeviceTurn on(Torch torch, Path run, Consumer<String> log) {
        return new DeviceTurn(DeviceLock.folder(), torch.choice().device().gpus(), run, log);
    }

    /// Waits until nobody else has any of the devices.
    ///
    /// @param waits told before each wait
    /// @param givenUp whether the wait is over without a turn
    /// @return whether it has its turn
    boolean take(Runnable waits, BooleanSupplier givenUp) throws InterruptedException {
        for (Device.Cuda device : devices) {
            if (!take(device, waits, givenUp)) {
                close();
                return false;
            }
        }
        return true;
    }

    private boolean take(Device.Cuda device, Runnable waits, BooleanSupplier givenUp)
            throws InterruptedException {
        boolean waiting = false;
        while (!givenUp.getAsBoolean()) {
            HeldFile lock = DeviceLock.tryTake(locks, device, run.toString());
            if (lock != null) {
                taken.add(lock);
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

    /// Returns at once, or after a pause, during which the devices belong to others: their memory
    /// too, but for what the driver keeps for a process.
    void pause(Torch torch, Heartbeat heartbeat) throws InterruptedException {
        if (devices.isEmpty() || !heartbeat.pauseAsked()) {
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

    /// Leaves the devices to others.
    @Override
    public void close() {
        taken.forEach(HeldFile::close);
        taken.clear();
    }
}
