package dev.slimelab.engine.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A file that one owner at a time holds, among all processes and all threads of each. It is let go
/// of when closed, and by itself when the process ends, however it ends.
///
/// Linux drops every lock that a process has on a file as soon as it closes any channel to it.
/// Therefore a process opens a file only while it does not hold it.
public final class HeldFile implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();
    private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path file;
    private final FileChannel channel;

    private HeldFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes a file, which is made where it is missing.
    ///
    /// @param file in a folder that exists
    /// @return null where another has it
    /// @throws IOException where it cannot be made or opened
    public static @Nullable HeldFile tryTake(Path file) throws IOException {
        Path one = file.resolveSibling("").toRealPath().resolve(file.getFileName());
        if (!HELD_HERE.add(one)) {
            return null;
        }
        HeldFile taken = null;
        try {
            taken = open(one);
            return taken;
        } finally {
            if (taken == null) {
                HELD_HERE.remove(one);
            }
        }
    }

    /// Takes a file as soon as nobody else has it, which is to be after milliseconds.
    ///
    /// @param file in a folder that exists
    /// @throws IOException where it cannot be made or opened
    public static HeldFile take(Path file) throws IOException {
        while (true) {
            HeldFile taken = tryTake(file);
            if (taken != null) {
                return taken;
            }
            LockSupport.parkNanos(BETWEEN_TRIES);
        }
    }

    @SuppressWarnings("resource") // stays open as long as it is held
    private static @Nullable HeldFile open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() != null) {
            return new HeldFile(file, channel);
        }
        channel.close();
        return null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
