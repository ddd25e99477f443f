package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.file.HeldFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class DeviceLockTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void oneHasADeviceAtATimeAndTheOthersKnowWho() {
        var first = new Device.Cuda(0);
        assertThat(DeviceLock.holder(folder, first)).isNull();
        try (HeldFile _ = requireNonNull(DeviceLock.tryTake(folder, first, "runs/a"))) {
            assertThat(DeviceLock.tryTake(folder, first, "runs/b")).isNull();
            assertThat(DeviceLock.holder(folder, first)).isEqualTo("runs/a");
            try (HeldFile other = DeviceLock.tryTake(folder, new Device.Cuda(1), "runs/b")) {
                assertThat(other).as("another GPU").isNotNull();
            }
        }
        assertThat(DeviceLock.holder(folder, first)).isNull();
        try (HeldFile again = DeviceLock.tryTake(folder, first, "runs/b")) {
            assertThat(again).isNotNull();
        }
    }
}
