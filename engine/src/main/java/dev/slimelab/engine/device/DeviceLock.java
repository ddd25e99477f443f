package dev.slimelab.engine.device;

import dev.slimelab.engine.file.AtomicFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// That a process has a GPU to itself: a locked file in this user's folder, let go of by itself
/// when the process ends, however it ends.
public final class DeviceLock implements AutoCloseable {
    private final FileChannel channel;

    private DeviceLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Where this user's locks are.
    public static Path folder() {
        return UserFolders.data().resolve("devices");
    }

    /// Takes a device.
    ///
    /// @param holder who it is for, told to those who wait
    /// @return null where another has it
    public static @Nullable DeviceLock tryTake(Path folder, Device.Cuda device, String holder) {
        try {
            Files.createDirectories(folder);
            DeviceLock lock = tryLock(file(folder, device, ".lock"));
            if (lock != null) {
                AtomicFile.write(file(folder, device, ".txt"), holder);
            }
            return lock;
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
        try (DeviceLock lock = tryLock(file)) {
            return lock != null ? null : Files.readString(file(folder, device, ".txt"));
        } catch (IOException _) {
            return "another process";
        }
    }

    private static @Nullable DeviceLock tryLock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new DeviceLock(channel);
            }
        } catch (OverlappingFileLockException _) {
            // held by this very process
        }
        channel.close();
        return null;
    }

    private static Path file(Path folder, Device.Cuda device, String suffix) {
        return folder.resolve("cuda-" + device.index() + suffix);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
