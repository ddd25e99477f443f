package dev.slimelab.engine.device;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// An NVIDIA GPU of this machine.
///
/// @param index libtorch's number for it, among those that `CUDA_VISIBLE_DEVICES` leaves
/// @param uuid the driver's name for it, which no other GPU has
/// @param driver version, such as `570.124.06`
/// @param computeCapability such as 9.0; 0 where the driver does not say
public record Gpu(
        int index,
        String uuid,
        String name,
        long memoryBytes,
        String driver,
        double computeCapability) {
    /// The least that libtorch for CUDA 12.8 has code for: Turing.
    private static final double LEAST_CAPABILITY = 7.5;

    /// The drivers from which CUDA 12 libraries run, by NVIDIA's table of minor version
    /// compatibility.
    private static final List<Integer> LEAST_ON_LINUX = List.of(525, 60);

    private static final List<Integer> LEAST_ON_WINDOWS = List.of(528, 33);

    /// Why libtorch cannot compute on it; null where it can.
    @Nullable Unfit unfit() {
        List<Integer> least =
                System.getProperty("os.name").startsWith("Windows")
                        ? LEAST_ON_WINDOWS
                        : LEAST_ON_LINUX;
        if (isDriverBefore(least)) {
            return new Unfit(
                    "the driver %s is too old for CUDA 12.8".formatted(driver),
                    "Install a driver from %d.%d on.".formatted(least.get(0), least.get(1)));
        }
        if (computeCapability > 0 && computeCapability < LEAST_CAPABILITY) {
            return new Unfit(
                    String.format(
                            Locale.ROOT,
                            "%s has compute capability %.1f, and libtorch for CUDA 12.8 has code"
                                    + " from %.1f on",
                            name,
                            computeCapability,
                            LEAST_CAPABILITY),
                    "Use a newer GPU, or \"cpu\".");
        }
        return null;
    }

    /// Why a GPU cannot be used.
    ///
    /// @param why as the second half of a sentence
    record Unfit(String why, String remedy) {}

    private boolean isDriverBefore(List<Integer> least) {
        String[] parts = driver.split("\\.", -1);
        for (int i = 0; i < least.size(); i++) {
            if (i >= parts.length || !parts[i].matches("\\d{1,6}")) {
                return false; // a form that is newer than this code
            }
            int difference = Integer.compare(Integer.parseInt(parts[i]), least.get(i));
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    /// For a list: number, name, memory, capability and driver.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, %.1f GB, compute capability %.1f, driver %s",
                index,
                name,
                memoryBytes / 1e9,
                computeCapability,
                driver);
    }
}
