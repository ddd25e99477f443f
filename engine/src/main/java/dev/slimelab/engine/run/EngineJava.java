package dev.slimelab.engine.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The beginning of a command that starts a process of the engine.
public final class EngineJava {
    /// The system property that names the file of prepared classes, as the `slimelab` script sets
    /// it: classes loaded and linked when the program was built, which take half a second less to
    /// start with. Where the file is missing or belongs to another build or Java, Java goes without
    /// it.
    public static final String CLASSES = "slimelab.engine.classes";

    private EngineJava() {}

    /// What follows is the main class and its arguments.
    ///
    /// @param java to run it with
    /// @param classpath the engine and what it needs
    public static List<String> command(Path java, String classpath) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("--enable-native-access=ALL-UNNAMED");
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
