package dev.slimelab.engine;

import dev.slimelab.engine.device.Device;

import picocli.CommandLine.Option;

/// `--device` of commands that have no spec to say it.
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda:N",
            defaultValue = "auto",
            description =
                    "Where to compute; default: ${DEFAULT-VALUE}, the first GPU where one can be"
                            + " used, else the CPU.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String word;

    Device device() {
        return Device.parse(word, "--device");
    }
}
