package dev.slimelab.engine.device;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/// The device that a process computes on, with what, and why it is that one.
///
/// @param libtorch null for the CPU's libtorch, which comes with this program
/// @param device [Device.Cpu], [Device.Cuda] or [Device.Several]
/// @param gpus those of the device, in its order; none on the CPU
/// @param why as a sentence
public record DeviceChoice(
        Way way, @Nullable Libtorch libtorch, Device device, List<Gpu> gpus, String why) {
    /// How a libtorch is found, in the order in which they are tried.
    public enum Way {
        PACK("a GPU pack"),
        FOLDER("a folder named by " + Machine.FOLDER),
        DOWNLOAD("DJL's download"),
        BUNDLED("the one that comes with this program");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    public boolean isOnGpus() {
        return !gpus.isEmpty();
    }

    /// The GPUs in words; null on the CPU.
    public @Nullable String gpusInWords() {
        return isOnGpus()
                ? gpus.stream().map(Gpu::toString).collect(Collectors.joining("; "))
                : null;
    }
}
