package dev.slimelab.engine;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceChoice;
import dev.slimelab.engine.device.Gpu;
import dev.slimelab.engine.device.Libtorch;
import dev.slimelab.engine.device.Machine;
import dev.slimelab.engine.device.NvidiaSmi;
import dev.slimelab.engine.device.TorchPack;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `slimelab doctor`: what this machine offers, and whether libtorch starts; installs a libtorch
/// for GPUs.
@Command(
        name = "doctor",
        description = {
            "Says what this machine offers, which libtorch is found in which way, what GPUs there",
            "are, and whether libtorch starts. Reads every byte of an installed GPU pack."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1024.0 * 1024 * 1024;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    private boolean json;

    @Option(
            names = "--install-torch",
            paramLabel = "PLACE",
            description =
                    "First copies a libtorch for GPUs from there: the folder torch of a Python"
                            + " installation, or libtorch, unzipped or not.")
    private @Nullable Path install;

    @Mixin private DeviceOption wanted = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        Machine machine = Machine.here();
        if (install != null) {
            Libtorch installed = machine.pack().install(install);
            command.commandLine()
                    .getErr()
                    .printf("Installed libtorch %s in %s.%n", installed, machine.pack().path());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.runtime.version"));
        facts.put("javaHome", System.getProperty("java.home"));
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("javaHeapGiB", Math.round(Runtime.getRuntime().maxMemory() / GIB * 10) / 10.0);
        NvidiaSmi.Answer answer = machine.smi().gpus();
        facts.put(
                "gpus",
                answer.gpus().isEmpty()
                        ? "none found: " + answer.whyNone()
                        : answer.gpus().stream().map(Gpu::toString).toList());
        facts.put("libtorchFound", machine.said());
        String damage = machine.pack().isInstalled() ? machine.pack().damage() : null;
        Problem problem = damage == null ? null : damaged(machine.pack(), damage);
        try {
            facts.putAll(start(wanted.devices()));
        } catch (Problem refused) {
            problem = refused;
        }
        print(facts, problem);
        if (problem != null) {
            throw problem; // after everything that may explain it
        }
        return 0;
    }

    private static Problem damaged(TorchPack pack, String how) {
        return Problem.failed(
                "The GPU pack in %s is damaged: %s.".formatted(pack.path(), how),
                "Delete that folder and install it again.");
    }

    private static Map<String, Object> start(Device wanted) {
        Map<String, Object> facts = new LinkedHashMap<>();
        long began = System.nanoTime();
        try (Torch torch = Torch.start(wanted, null)) {
            DeviceChoice choice = torch.choice();
            facts.put("libtorch", torch.version());
            facts.put("libtorchFrom", choice.way().words());
            facts.put("libtorchStartMillis", (System.nanoTime() - began) / 1_000_000);
            facts.put("device", choice.device().toString());
            facts.put("deviceWhy", choice.why());
        }
        return facts;
    }

    private void print(Map<String, Object> facts, @Nullable Problem problem) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            facts.put("problem", problem == null ? null : problem.what());
            out.println(JsonMapper.shared().writeValueAsString(facts));
            return;
        }
        facts.forEach(
                (what, value) -> {
                    List<?> lines = value instanceof List<?> list ? list : List.of(value);
                    out.printf("%-20s %s%n", what, lines.getFirst());
                    lines.stream().skip(1).forEach(line -> out.printf("%-20s %s%n", "", line));
                });
        if (problem == null) {
            String device = String.valueOf(facts.get("device"));
            out.println(
                    "All is well: libtorch starts and computes on %s."
                            .formatted(device.equals("cpu") ? "the CPU" : device));
        }
    }
}
