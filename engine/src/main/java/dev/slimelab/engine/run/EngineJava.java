package dev.slimelab.engine.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a process of the engine is started; the `slimelab` script does the same.
public final class EngineJava {
    /// The system property that names the file of prepared classes, as the `slimelab` script sets
    /// it: classes loaded and linked when the program was built, which take half a second less to
    /// start with. Where the file is missing or belongs to another build or Java, Java goes without
    /// it.
    public static final String CLASSES = "slimelab.engine.classes";

    /// What the process is told, unless the user has told it otherwise. glibc's malloc as it is
    /// takes every tensor above 32 MB from the system, which has to clear it anew: a fifth of a
    /// step where many rows go through a model together. oneDNN keeps 1,024 products of different
    /// shapes, a quarter of a megabyte each, where a quarter of them serves.
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "MALLOC_ARENA_MAX", "1",
                    "MALLOC_MMAP_MAX_", "0",
                    "MALLOC_TRIM_THRESHOLD_", "1099511627776",
                    "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256");

    private EngineJava() {}

    /// A process that is not started yet.
    ///
    /// @param command begins with [#command], or with a program that starts it
    public static ProcessBuilder process(List<String> command) {
        ProcessBuilder process = new ProcessBuilder(command);
        ENVIRONMENT.forEach(process.environment()::putIfAbsent);
        return process;
    }

    /// The beginning of a command; what follows is the main class and its arguments.
    ///
    /// @param java to run it with
    /// @param classpath the engine and what it needs
    public static List<String> command(Path java, String classpath) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        // Java's second compiler takes cores from libtorch, its usual collector memory.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        String classes = System.getProperty(CLASSES);
        if (classes != null) {
            command.add("-XX:AOTCache=" + classes);
            command.add("-Xlog:aot=off"); // else standard output says why Java goes without it
            command.add("-D" + CLASSES + "=" + classes); // for the processes it starts
        }
        command.add("-cp");
        command.add(classpath);
        return command;
    }
}
