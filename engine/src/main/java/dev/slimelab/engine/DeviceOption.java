package dev.slimelab.engine;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.problem.Problem;

import picocli.CommandLine.Option;

/// `--device` of commands that have no spec to say it.
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda:N",
            defaultValue = "auto",
            description =
                    "Where to compute; default: ${DEFAULT-VALUE}, the first GPU where one can be"
                            + " used, else the CPU. bench and doctor take several,"
                            + " cuda:0,cuda:1.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String word;

    /// One device, for what cannot be shared out.
    Device device() {
        Device given = devices();
        if (given instanceof Device.Several) {
            throw Problem.badRequest(
                    "--device is \"%s\", but only training and its timing use several devices."
                            .formatted(given),
                    "Give one of them.");
        }
        return given;
    }

    /// One device, or several.
    Device devices() {
        return Device.parse(word, "--device");
    }
}
