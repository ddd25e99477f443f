package dev.slimelab.engine.run;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// One run on disk: where its files are.
///
/// ```
/// spec.json         frozen request                    status.json     replaced atomically
/// environment.json  versions, device, hashes          metrics.jsonl   one object per step, append only
/// events.jsonl      what a person or alarm did        samples.jsonl   answers to fixed prompts
/// tokens/           per-token facts of the probe      control/        requests to the engine
/// checkpoints/      states to continue from           log.txt         what the engine said
/// adapter/, model/  the result
/// ```
public record RunDirectory(Path path) {
    public Path spec() {
        return path.resolve("spec.json");
    }

    public Path environment() {
        return path.resolve("environment.json");
    }

    public Path status() {
        return path.resolve("status.json");
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    public Path events() {
        return path.resolve("events.jsonl");
    }

    public Path samples() {
        return path.resolve("samples.jsonl");
    }

    public Path tokens() {
        return path.resolve("tokens");
    }

    public Path control() {
        return path.resolve("control");
    }

    public Checkpoints checkpoints() {
        return new Checkpoints(path.resolve("checkpoints"));
    }

    /// The trained adapter, a PEFT folder.
    public Path adapter() {
        return path.resolve("adapter");
    }

    /// The trained model after full fine-tuning, a Hugging Face folder.
    public Path model() {
        return path.resolve("model");
    }

    public Path log() {
        return path.resolve("log.txt");
    }

    /// Makes the folder of a new run and freezes its spec there.
    ///
    /// @throws Problem bad request: where the folder already holds a run
    public static RunDirectory create(Path path, RunSpec spec) {
        RunDirectory run = new RunDirectory(path.toAbsolutePath().normalize());
        if (Files.exists(run.metrics()) || Files.exists(run.status())) {
            throw Problem.badRequest(
                    run.path + " already holds a run.",
                    "Choose another folder with --run, or delete it.");
        }
        try {
            Files.createDirectories(run.control());
            run.freeze(spec);
        } catch (IOException e) {
            throw Problem.badRequest(
                    run.path + " cannot be made: " + e.getMessage() + ".",
                    "Choose a folder that can be written.",
                    e);
        }
        return run;
    }

    /// Says that this process trains the run, until the lock is closed or the process is gone.
    ///
    /// @throws Problem bad request: where another engine trains it
    public HeldFile lock() {
        try {
            Files.createDirectories(control());
            HeldFile held = HeldFile.tryTake(control().resolve("lock"));
            if (held != null) {
                return held;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw Problem.badRequest(
                path + " is being trained by another engine.", "Stop that one first, or wait.");
    }

    /// Writes the request, its file paths relative to this folder.
    public void freeze(RunSpec spec) {
        AtomicFile.write(spec(), SpecJson.text(spec, path));
    }

    /// All runs directly below a folder, by name; empty where there is no such folder.
    public static List<RunDirectory> below(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.isRegularFile(child.resolve("spec.json")))
                    .sorted()
                    .map(RunDirectory::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return path.getFileName().toString();
    }

    /// The frozen request.
    public RunSpec readSpec() {
        return SpecJson.read(spec(), List.of());
    }

    /// The folder of the run that follows by this one's `then`: beside it, named after its stage.
    ///
    /// @return null where nothing follows
    public @Nullable RunDirectory next() {
        RunSpec next = SpecJson.next(readSpec(), adapter(), model());
        return next == null
                ? null
                : new RunDirectory(path.resolveSibling(name() + "-" + next.stage().word()));
    }

    /// Writes one of the files that are replaced, so that readers see the old or the new text,
    /// never a part.
    public static void replace(Path file, String text) {
        AtomicFile.write(file, text);
    }
}
