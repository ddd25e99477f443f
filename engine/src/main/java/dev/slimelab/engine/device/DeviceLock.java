package dev.slimelab.engine.device;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.HeldFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// That a process has a GPU to itself: a held file in this user's folder.
public final class DeviceLock {
    private DeviceLock() {}

    /// Where this user's locks are.
    public static Path folder() {
        return UserFolders.data().resolve("devices");
    }

    /// Takes a device.
    ///
    /// @param holder who it is for, told to those who wait
    /// @return null where another has it
    public static @Nullable HeldFile tryTake(Path folder, Device.Cuda device, String holder) {
        try {
            Files.createDirectories(folder);
            HeldFile held = HeldFile.tryTake(file(folder, device, ".lock"));
            if (held != null) {
                AtomicFile.write(file(folder, device, ".txt"), holder);
            }
            return held;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Who has a device, as its [#tryTake] said; null where nobody has it.
    public static @Nullable String holder(Path folder, Device.Cuda device) {
        Path file = file(folder, device, ".lock");
        if (!Files.exists(file)) {
            return null;
        }
        try (HeldFile held = HeldFile.tryTake(file)) {
            return held != null ? null : Files.readString(file(folder, device, ".txt"));
        } catch (IOException _) {
            return "another process";
        }
    }

    private static Path file(Path folder, Device.Cuda device, String suffix) {
        return folder.resolve("cuda-" + device.index() + suffix);
    }
}
