package dev.slimelab.engine.device;

import org.jspecify.annotations.Nullable;

/// The device that a process computes on, with what, and why it is that one.
///
/// @param libtorch null for the CPU's libtorch, which comes with this program
/// @param gpu null on the CPU
/// @param why as a sentence
public record DeviceChoice(Way way, @Nullable Libtorch libtorch, @Nullable Gpu gpu, String why) {
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

    static DeviceChoice cpu(String why) {
        return new DeviceChoice(Way.BUNDLED, null, null, why);
    }

    /// [Device.Cpu] or [Device.Cuda].
    public Device device() {
        return gpu == null ? new Device.Cpu() : new Device.Cuda(gpu.index());
    }
}
