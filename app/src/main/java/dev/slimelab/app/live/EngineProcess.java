package dev.slimelab.app.live;

import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts engines that outlive the window.
///
/// An engine gets a session of its own where the system has `setsid`, reads nothing, and writes its
/// output to files in the run directory: a pipe to the window would stall or kill it when the
/// window closes. From then on only the run directory speaks for it.
///
/// @param java the Java that runs engines
/// @param classpath the engine and what it needs
/// @param mainClass the engine's command line
/// @param folder where new runs are kept
public record EngineProcess(Path java, String classpath, String mainClass, Path folder) {
    /// Set by the `slimelab` script.
    public static final String JAVA = "slimelab.java";

    /// Set by the `slimelab` script.
    public static final String CLASSPATH = "slimelab.engine.classpath";

    private static final String ENGINE_MAIN = "dev.slimelab.engine.Main";
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /// As the launcher script says, else with the Java and the classpath of this very process.
    public static EngineProcess ofThisInstallation(Path folder) {
        Path own = Path.of(System.getProperty("java.home"), "bin", "java");
        return new EngineProcess(
                Path.of(System.getProperty(JAVA, own.toString())),
                System.getProperty(CLASSPATH, System.getProperty("java.class.path")),
                ENGINE_MAIN,
                folder.toAbsolutePath().normalize());
    }

    /// Writes the request and starts an engine on it.
    ///
    /// @return the new run; its name is the spec's, with a number where that is taken
    public RunDirectory start(RunSpec spec) {
        RunDirectory run = new RunDirectory(freeFolder(spec.name()));
        try {
            Files.createDirectories(run.control());
            run.freeze(spec);
            // Until the engine speaks for itself, this tells whether it is still there.
            RunDirectory.replace(RunLibrary.pid(run), launch(run).pid() + "\n");
        } catch (IOException e) {
            throw Problem.failed(
                    "The engine could not be started: " + e.getMessage() + ".",
                    "Check that " + java + " can be run and that " + folder + " can be written.",
                    e);
        } catch (UncheckedIOException e) {
            throw Problem.failed(
                    run.path() + " could not be written: " + e.getMessage() + ".",
                    "Check the space and the permissions of " + folder + ".",
                    e);
        }
        return run;
    }

    private Process launch(RunDirectory run) throws IOException {
        // What the engine says is in its log already; what kills it is said on standard error.
        return detached(
                        classpath,
                        List.of(
                                mainClass,
                                "train",
                                run.spec().toString(),
                                "--run",
                                run.path().toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(run.log().toFile()))
                .start();
    }

    /// Starts the owner of a queue, so that it goes on when a window that shows it is closed. Where
    /// another process owns the queue already, nothing changes.
    public void workOff(RunQueue queue) {
        File log = queue.log().toFile();
        try {
            detached(classpath, List.of(mainClass, "queue", queue.folder().toString()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw Problem.failed(
                    "The queue could not be started: " + e.getMessage() + ".",
                    "Check that " + java + " can be run and that " + folder + " can be written.",
                    e);
        }
    }

    private ProcessBuilder detached(String path, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED", "-cp", path));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    private Path freeFolder(String name) {
        Path wanted = folder.resolve(name);
        for (int number = 2; Files.exists(wanted); number++) {
            wanted = folder.resolve(name + "-" + number);
        }
        return wanted;
    }
}
