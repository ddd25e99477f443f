package dev.slimelab.app.live;

import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.background.Inquiry.Answer;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.EngineJava;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Starts engines: those that train outlive the window, those that answer end with it.
///
/// An engine that trains gets a session of its own where the system has `setsid`, reads nothing,
/// and writes its output to files in the run directory: a pipe to the window would stall or kill it
/// when the window closes. From then on only the run directory speaks for it.
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
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
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
        try {
            RunDirectory run = new RunDirectory(ownFolder(spec.name()));
            Files.createDirectories(run.control());
            run.freeze(spec);
            // Until the engine speaks for itself, this tells whether it is still there.
            List<String> train =
                    List.of("train", run.spec().toString(), "--run", run.path().toString());
            RunDirectory.replace(RunLibrary.pid(run), launch(run, train).pid() + "\n");
            return run;
        } catch (IOException e) {
            throw notStarted(e);
        } catch (UncheckedIOException e) {
            throw Problem.failed(
                    folder + " could not be written: " + e.getMessage() + ".",
                    "Check the space and the permissions of " + folder + ".",
                    e);
        }
    }

    /// Has a run made from a checkpoint of another one; [#begin] starts it.
    ///
    /// @param changes `path=value`
    public Inquiry fork(RunDirectory parent, int step, List<String> changes) {
        Path child = freeFolder(parent.name() + "-fork-" + step);
        List<String> command = new ArrayList<>(List.of("fork", parent.path().toString()));
        command.addAll(List.of("--at=" + step, "--run=" + child, "--prepare"));
        changes.forEach(change -> command.addAll(List.of("--set", change)));
        return ask(command);
    }

    /// Starts an engine on a run that was made for it.
    ///
    /// @param forked what the engine said to [#fork]
    /// @return the new run
    /// @throws Problem in the engine's words, where it refused
    public RunDirectory begin(Answer forked) {
        RunDirectory child = new RunDirectory(Path.of(forked.accepted().strip()));
        try {
            Files.createDirectories(child.control());
            Process engine = launch(child, List.of("resume", child.path().toString()));
            RunDirectory.replace(RunLibrary.pid(child), engine.pid() + "\n");
        } catch (IOException e) {
            throw notStarted(e);
        }
        return child;
    }

    private Problem notStarted(IOException e) {
        return Problem.failed(
                "The engine could not be started: " + e.getMessage() + ".",
                "Check that " + java + " can be run and that " + folder + " can be written.",
                e);
    }

    /// Starts an engine that goes on with an interrupted run, and waits until it reports.
    ///
    /// @throws Problem if it refuses, in its own words
    public void resume(RunDirectory run) {
        try {
            FileTime before = Files.getLastModifiedTime(run.status());
            long logged = Files.exists(run.log()) ? Files.size(run.log()) : 0;
            Process engine = launch(run, List.of("resume", run.path().toString()));
            while (!engine.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!Files.getLastModifiedTime(run.status()).equals(before)) {
                    return;
                }
            }
            if (engine.exitValue() != 0) {
                throw Problem.failed(
                        "The run could not be resumed: " + loggedSince(run, logged),
                        "Use as new run starts the same settings again.");
            }
        } catch (IOException e) {
            throw notStarted(e);
        } catch (InterruptedException e) {
            throw Problem.failed(
                    "Nobody waited for the engine.", "Look at the run: it may have gone on.", e);
        }
    }

    private static String loggedSince(RunDirectory run, long bytes) throws IOException {
        byte[] log = Files.readAllBytes(run.log());
        int from = (int) Math.min(bytes, log.length);
        return new String(log, from, log.length - from, StandardCharsets.UTF_8)
                .strip()
                .replace('\n', ' ');
    }

    private Process launch(RunDirectory run, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(mainClass));
        command.addAll(arguments);
        // What the engine says is in its log already; what kills it is said on standard error.
        return detached(classpath, command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(run.log().toFile()))
                .start();
    }

    /// Asks the engine something that it answers on its standard output, such as `score`.
    public Inquiry ask(List<String> arguments) {
        try {
            Path answer = Files.createTempFile("slimelab-answer", ".txt");
            Path complaint = Files.createTempFile("slimelab-complaint", ".txt");
            List<String> asked = new ArrayList<>(List.of(mainClass));
            asked.addAll(arguments);
            Process process =
                    EngineJava.process(java(classpath, asked))
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
        public @Nullable Answer answer() {
            if (process.isAlive()) {
                return null;
            }
            try {
                return new Answer(
                        process.exitValue(),
                        Files.readString(said),
                        Files.readString(complained).strip());
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

    /// Starts a server of models that ends with this process, and that only who has the token can
    /// talk to.
    ///
    /// @param models as `serve` takes them
    public ServingProcess serve(List<String> models, String token) {
        List<String> command = new ArrayList<>(List.of(mainClass, "serve"));
        command.addAll(models);
        command.addAll(List.of("--port=0", "--until-input-ends"));
        try {
            Path said = Files.createTempFile("slimelab-serve", ".txt");
            said.toFile().deleteOnExit();
            ProcessBuilder server = EngineJava.process(java(classpath, command));
            server.environment().put("SLIMELAB_TOKEN", token); // process lists show arguments
            return new ServingProcess(
                    server.redirectErrorStream(true).redirectOutput(said.toFile()).start(), said);
        } catch (IOException e) {
            throw Problem.failed(
                    "The server of the models could not be started: " + e.getMessage() + ".",
                    "Check that " + java + " can be run.",
                    e);
        }
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
        command.addAll(java(path, arguments));
        return EngineJava.process(command).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    }

    private List<String> java(String path, List<String> arguments) {
        List<String> command = EngineJava.command(java, path);
        command.addAll(arguments);
        return command;
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    /// A folder that this window made, whatever others begin at the same moment.
    private Path ownFolder(String name) throws IOException {
        Files.createDirectories(folder);
        while (true) {
            try {
                return Files.createDirectory(freeFolder(name));
            } catch (FileAlreadyExistsException _) {
                // another window was faster: the next number
            }
        }
    }

    private Path freeFolder(String name) {
        Path wanted = folder.resolve(name);
        for (int number = 2; Files.exists(wanted); number++) {
            wanted = folder.resolve(name + "-" + number);
        }
        return wanted;
    }
}
