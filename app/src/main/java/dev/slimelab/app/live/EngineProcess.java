package dev.slimelab.app.live;

import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

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

    /// Asks the engine something that it answers on its standard output, such as `score`. It ends
    /// with the window.
    public Inquiry ask(List<String> arguments) {
        try {
            Path answer = Files.createTempFile("slimelab-answer", ".txt");
            Path complaint = Files.createTempFile("slimelab-complaint", ".txt");
            List<String> command = java(classpath);
            command.add(mainClass);
            command.addAll(arguments);
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                            .redirectOutput(answer.toFile())
                            .redirectError(complaint.toFile())
                            .start();
            return new Asked(process, answer, complaint);
        } catch (IOException e) {
            throw Problem.failed(
                    "The engine could not be asked: " + e.getMessage() + ".",
                    "Check that " + java + " can be run.",
                    e);
        }
    }

    /// A process that writes to two files, which are deleted with it.
    private record Asked(Process process, Path said, Path complained) implements Inquiry {
        @Override
        public @Nullable String answer() {
            if (process.isAlive()) {
                return null;
            }
            try {
                if (process.exitValue() == 0) {
                    return Files.readString(said);
                }
                List<String> words = Files.readAllLines(complained);
                throw Problem.failed(
                        words.isEmpty() ? "The engine said nothing and ended." : words.get(0),
                        words.size() < 2 ? "Try again." : words.get(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                Files.deleteIfExists(said);
                Files.deleteIfExists(complained);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Starts the demonstration without a window, so that it goes on when a window that shows it is
    /// closed.
    public void startDemo() {
        try {
            Files.createDirectories(folder);
            List<String> command = new ArrayList<>();
            for (String property :
                    List.of(JAVA, CLASSPATH, "slimelab.samples", "slimelab.assets")) {
                String value = System.getProperty(property);
                if (value != null) {
                    command.add("-D" + property + "=" + value);
                }
            }
            command.addAll(
                    List.of(
                            "dev.slimelab.app.Main",
                            "demo",
                            "--no-window",
                            "--out",
                            folder.toString()));
            File log = folder.resolve("demo.log").toFile();
            detached(System.getProperty("java.class.path"), command)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw Problem.failed(
                    "The demonstration could not be started: " + e.getMessage() + ".",
                    "Check that " + java + " can be run and that " + folder + " can be written.",
                    e);
        }
    }

    private ProcessBuilder detached(String path, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(java(path));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    }

    private List<String> java(String path) {
        return new ArrayList<>(
                List.of(java.toString(), "--enable-native-access=ALL-UNNAMED", "-cp", path));
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
