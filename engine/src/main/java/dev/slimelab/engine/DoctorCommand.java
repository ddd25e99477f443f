package dev.slimelab.engine;

import dev.slimelab.engine.kernel.Torch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `slimelab doctor`: what this machine offers, and whether libtorch starts.
@Command(
        name = "doctor",
        description = "Says what this machine offers and whether libtorch starts.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1024.0 * 1024 * 1024;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        int cores = Runtime.getRuntime().availableProcessors();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.runtime.version"));
        facts.put("javaHome", System.getProperty("java.home"));
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("cores", cores);
        facts.put("javaHeapGiB", Math.round(Runtime.getRuntime().maxMemory() / GIB * 10) / 10.0);
        long began = System.nanoTime();
        try (Torch torch = Torch.start(cores)) {
            facts.put("libtorch", torch.version());
            facts.put("libtorchStartMillis", (System.nanoTime() - began) / 1_000_000);
        }
        facts.put("devices", "cpu");
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(facts));
        } else {
            facts.forEach((what, value) -> out.printf("%-20s %s%n", what, value));
            out.println("All is well: libtorch starts and computes on the CPU.");
        }
        return 0;
    }
}
