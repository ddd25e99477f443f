package dev.slimelab.engine.kernel;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;

/// libtorch, started. Made once by whoever starts the engine and passed on to all who compute.
///
/// Works offline: libtorch and its JNI library come from jars and are unpacked once into a cache
/// folder, which the environment variable `DJL_CACHE_DIR` may name.
public final class Torch implements AutoCloseable {
    private static final String CACHE_SETTING = "DJL_CACHE_DIR";

    private final NDManager memory;
    private final Kernels kernels;
    private final int threads;

    private Torch(int threads) {
        if (System.getenv(CACHE_SETTING) == null && System.getProperty(CACHE_SETTING) == null) {
            System.setProperty(CACHE_SETTING, userCache().toString());
        }
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        LibtorchVersion.check();
        try {
            this.memory = Engine.getEngine("PyTorch").newBaseManager();
        } catch (EngineException e) {
            throw Problem.failed(
                    "libtorch could not be started: " + e.getMessage() + ".",
                    "Run `slimelab doctor`; if a download was cut short, empty the cache folder "
                            + System.getProperty(CACHE_SETTING, "named by DJL_CACHE_DIR")
                            + " and try again.",
                    e);
        }
        JniUtils.setNumThreads(threads);
        this.threads = threads;
        this.kernels = Kernels.load(memory);
    }

    /// Starts libtorch, or refuses with a [Problem] when its version is not the one the JNI library
    /// was built for.
    ///
    /// @param threads how many threads one operator may use; null for one a processor. Results are
    ///   bit-identical only between runs with equal numbers.
    public static Torch start(@Nullable Integer threads) {
        if (threads == null) {
            return new Torch(Runtime.getRuntime().availableProcessors());
        }
        if (threads < 1) {
            throw Problem.badRequest(
                    "The number of threads is %d.".formatted(threads), "Give 1 or more.");
        }
        return new Torch(threads);
    }

    public Kernels kernels() {
        return kernels;
    }

    /// A new owner of tensors; closing it frees them all.
    public NDManager newScope() {
        return memory.newSubManager();
    }

    public int threads() {
        return threads;
    }

    /// The version of libtorch, such as `2.7.1`.
    public String version() {
        return Engine.getEngine("PyTorch").getVersion();
    }

    /// Frees every tensor that is still owned by a scope of this object.
    @Override
    public void close() {
        memory.close();
    }

    private static Path userCache() {
        String home = System.getProperty("user.home");
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            String local = System.getenv("LOCALAPPDATA");
            return Path.of(local == null ? home : local, "SlimeLab", "cache");
        }
        if (system.startsWith("mac")) {
            return Path.of(home, "Library", "Caches", "SlimeLab");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        return xdg == null ? Path.of(home, ".cache", "slimelab") : Path.of(xdg, "slimelab");
    }
}
