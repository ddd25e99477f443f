package dev.slimelab.app.library;

import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// What can be done to a run's folder as a whole. Reads and writes the disk.
final class RunShelf {
    private static final String TRASH = ".trash";

    /// A folder that was moved, and where it was.
    record Moved(Path from, Path to) {}

    private RunShelf() {}

    /// Moves a run into `.trash` beside it, from where it can be put back.
    ///
    /// @throws Problem bad request: where an engine trains it
    static Moved toTrash(RunEntry run) {
        refuseSample(run);
        if (run.phase().isAlive()) {
            throw Problem.badRequest(
                    run.name() + " is " + run.phase().word() + ".", "Stop it first.");
        }
        Path from = run.directory().path();
        Path trash = from.resolveSibling(TRASH);
        try (HeldFile _ = run.directory().lock()) {
            Files.createDirectories(trash);
        } catch (IOException e) {
            throw unmovable(from, e);
        }
        Path to = trash.resolve(from.getFileName());
        for (int copy = 2; Files.exists(to); copy++) {
            to = trash.resolve(from.getFileName() + "-" + copy);
        }
        return move(new Moved(from, to));
    }

    static Moved putBack(Moved moved) {
        if (Files.exists(moved.from())) {
            throw Problem.badRequest(
                    moved.from() + " is there again.",
                    "Rename that run first; the deleted one lies in " + moved.to() + ".");
        }
        return move(new Moved(moved.to(), moved.from()));
    }

    private static Moved move(Moved what) {
        try {
            Files.move(what.from(), what.to());
            return what;
        } catch (IOException e) {
            throw unmovable(what.from(), e);
        }
    }

    private static Problem unmovable(Path run, IOException e) {
        return Problem.failed(
                run + " could not be moved: " + e.getMessage() + ".",
                "Check that the folder can be written.",
                e);
    }

    /// Changes what is noted on the disk, which another window may have written meanwhile.
    static void note(RunEntry run, UnaryOperator<RunNotes> change) {
        refuseSample(run);
        if (Files.exists(run.directory().spec())) {
            change.apply(RunNotes.read(run.directory())).write(run.directory());
        }
    }

    private static void refuseSample(RunEntry run) {
        if (run.origin() == RunEntry.Origin.SAMPLE) {
            throw Problem.badRequest(
                    run.name() + " is a sample that comes with SlimeLab and stays as it is.",
                    "Use it as a new run, and change that one.");
        }
    }

    /// Opens the system's file manager on a folder.
    static Path reveal(Path folder) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String opener =
                system.startsWith("windows")
                        ? "explorer"
                        : system.startsWith("mac") ? "open" : "xdg-open";
        try {
            new ProcessBuilder(opener, folder.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return folder;
        } catch (IOException e) {
            throw Problem.failed(
                    "No file manager could be opened: " + opener + " cannot be started.",
                    "The run lies in " + folder + ".",
                    e);
        }
    }
}
