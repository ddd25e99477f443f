package dev.slimelab.engine.kernel;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceChoice;
import dev.slimelab.engine.device.Libtorch;
import dev.slimelab.engine.device.Machine;
import dev.slimelab.engine.device.UserFolders;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// libtorch, started on a device. Made once by whoever starts the engine and passed on to all who
/// compute. Where several devices are asked for, this is the first of them and knows the others.
///
/// Works offline: the CPU's libtorch and the JNI library come from jars and are unpacked once into
/// a cache folder, which the environment variable `DJL_CACHE_DIR` may name. [Machine] says where a
/// libtorch for GPUs comes from. A process loads one libtorch and keeps it.
public final class Torch implements AutoCloseable {
    private static final String CACHE_SETTING = "DJL_CACHE_DIR";

    private final DeviceChoice choice;
    private final Device device;
    private final NDManager memory;
    private final NDManager host;
    private final Kernels kernels;
    private final int threads;
    private final List<Torch> others;

    private Torch(DeviceChoice choice, Device device, int threads, List<Torch> others) {
        this.choice = choice;
        this.device = device;
        this.threads = threads;
        this.others = others;
        try {
            Engine engine = load(choice.libtorch());
            this.memory = engine.newBaseManager(djl(device));
        } catch (EngineException e) {
            throw Problem.failed(
                    "libtorch could not be started: " + e.getMessage() + ".",
                    "Run `slimelab doctor`; if a download was cut short, empty the cache folder "
                            + System.getProperty(CACHE_SETTING, "named by DJL_CACHE_DIR")
                            + " and try again.",
                    e);
        }
        this.host = memory.newSubManager(ai.djl.Device.cpu());
        JniUtils.setNumThreads(threads);
        this.kernels = Kernels.load(memory, host);
    }

    private Torch(Torch like, Kernels kernels, List<Torch> others) {
        this.choice = like.choice;
        this.device = like.device;
        this.threads = like.threads;
        this.memory = like.memory;
        this.host = like.host;
        this.kernels = kernels;
        this.others = others;
    }

    /// Starts libtorch on a device, or refuses.
    ///
    /// @param threads how many threads one operator may use; null for one a processor. Results are
    ///   bit-identical only between runs with equal numbers.
    /// @throws Problem bad request: where the device cannot be had, see [Machine#choose]; failed:
    ///   where libtorch does not start, or the process has loaded another one
    public static Torch start(Device wanted, @Nullable Integer threads) {
        if (threads == null) {
            return start(wanted, Runtime.getRuntime().availableProcessors());
        }
        if (threads < 1) {
            throw Problem.badRequest(
                    "The number of threads is %d.".formatted(threads), "Give 1 or more.");
        }
        DeviceChoice choice = Machine.here().choose(wanted);
        List<Device> devices = choice.device().each();
        List<Torch> others =
                devices.stream()
                        .skip(1)
                        .map(device -> new Torch(choice, device, threads, List.of()))
                        .toList();
        return new Torch(choice, devices.getFirst(), threads, others);
    }

    /// The same libtorch with kernels that are called otherwise.
    Torch through(Kernels.Bridge bridge) {
        return new Torch(this, kernels.through(bridge), others);
    }

    /// The same with these devices beside it.
    Torch beside(List<Torch> devices) {
        return new Torch(this, kernels, devices);
    }

    /// Where it computes together with its [#others], and why there.
    public DeviceChoice choice() {
        return choice;
    }

    /// Where it computes itself.
    public Device device() {
        return device;
    }

    public boolean isOnGpu() {
        return device instanceof Device.Cuda;
    }

    /// The further devices, where several were asked for; closed with this one.
    public List<Torch> others() {
        return others;
    }

    /// A thread that runs kernels with as many threads as this object's own.
    public Thread newThread(Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("on " + device)
                .unstarted(
                        () -> {
                            JniUtils.setNumThreads(threads);
                            work.run();
                        });
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

    /// Every tensor there is, in the host's memory; the device has its memory back.
    ///
    /// @param tensors without values until this is closed
    /// @param values theirs
    /// @param others those of the other devices
    public record Parked(
            Torch torch, List<NDArray> tensors, List<NDArray> values, List<Parked> others)
            implements AutoCloseable {
        /// Gives every tensor its place on the device and its values back.
        ///
        /// @throws OutOfDeviceMemory where another has taken the place
        @Override
        public void close() {
            torch.kernels.unpark(tensors, values);
            values.forEach(NDArray::close);
            others.forEach(Parked::close);
        }
    }

    /// Moves every tensor off the devices. Nothing may be computed before the result is closed.
    public Parked park() {
        List<Parked> parked = others.stream().map(Torch::park).toList();
        List<NDArray> tensors =
                memory.getManagedArrays().stream().filter(tensor -> tensor.size() > 0).toList();
        List<NDArray> values = kernels.park(tensors);
        if (isOnGpu()) {
            JniUtils.emptyCudaCache();
        }
        return new Parked(this, tensors, values, parked);
    }

    /// What has gone between Java's memory and all devices since they were started.
    public Kernels.Traffic traffic() {
        return others.stream().map(Torch::traffic).reduce(kernels.traffic(), Kernels.Traffic::plus);
    }

    /// Returns when all devices have done everything they were asked for.
    public void await() {
        kernels.await();
        others.forEach(Torch::await);
    }

    /// Frees every tensor that is still owned by a scope of this object or its others.
    @Override
    public void close() {
        others.forEach(Torch::close);
        memory.close();
        if (isOnGpu()) {
            JniUtils.emptyCudaCache();
        }
    }

    private static ai.djl.Device djl(Device device) {
        return device instanceof Device.Cuda cuda
                ? ai.djl.Device.gpu(cuda.index())
                : ai.djl.Device.cpu();
    }

    /// Loads a libtorch, unless one is loaded: it cannot be unloaded. One for GPUs serves the CPU
    /// too, not the other way round.
    ///
    /// @param wanted null for the CPU's, which comes with this program
    private static Engine load(@Nullable Libtorch wanted) {
        useCache();
        Map<String, String> settings =
                wanted == null
                        ? Map.of()
                        : Map.of(
                                "PYTORCH_LIBRARY_PATH", wanted.libraries().toString(),
                                "PYTORCH_VERSION", wanted.version(),
                                "PYTORCH_FLAVOR", wanted.flavour(),
                                "PYTORCH_LIBRARY_EXCLUSION", wanted.excluded());
        settings.forEach(System::setProperty);
        Engine engine;
        try {
            engine = Engine.getEngine("PyTorch");
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
        Path loaded = Path.of(LibUtils.getLibtorchPath()).toAbsolutePath().normalize();
        if (wanted != null && !loaded.equals(wanted.libraries())) {
            throw Problem.failed(
                    "This process computes with the libtorch in %s and cannot load the one in %s."
                            .formatted(loaded, wanted.libraries()),
                    "Start it again for this device.");
        }
        return engine;
    }

    /// Says where native libraries are unpacked, that of the tokenizer too: for those who load one
    /// before libtorch, or beside it.
    public static void useCache() {
        set(CACHE_SETTING, UserFolders.cache().toString());
        set("ai.djl.offline", "true");
    }

    private static void set(String property, String value) {
        if (System.getenv(property) == null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
