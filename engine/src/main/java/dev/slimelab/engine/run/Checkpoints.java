package dev.slimelab.engine.run;

import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.Checkpoint.Extreme;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkpoints of a run: `checkpoints/step-000200/` and so on.
public record Checkpoints(Path folder) {
    private static final Pattern NAME = Pattern.compile("step-(\\d{6,})");

    public Checkpoint at(int step) {
        return new Checkpoint(folder.resolve("step-%06d".formatted(step)), step);
    }

    /// All that were finished, damaged ones included, by step.
    public List<Checkpoint> all() {
        return children().stream()
                .map(child -> NAME.matcher(child.getFileName().toString()))
                .filter(Matcher::matches)
                .map(name -> at(Integer.parseInt(name.group(1))))
                .sorted(Comparator.comparingInt(Checkpoint::step))
                .toList();
    }

    /// The latest one whose files are as they were written.
    ///
    /// @param skipped is told of each later one that is not
    /// @return null where there is none
    public @Nullable Checkpoint newestWhole(Consumer<String> skipped) {
        for (Checkpoint checkpoint : all().reversed()) {
            String damage = checkpoint.damage();
            if (damage == null) {
                return checkpoint;
            }
            skipped.accept(checkpoint.path().getFileName() + ": " + damage);
        }
        return null;
    }

    /// Writes one, unless there is one of that step already: nothing changes between two steps.
    ///
    /// @param content writes all of its files but the sums
    public void write(int step, Consumer<Checkpoint> content) {
        Path path = at(step).path();
        if (Files.exists(path)) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFolder.writeWithSums(path, aside -> content.accept(new Checkpoint(aside, step)));
    }

    /// Deletes what the settings do not keep.
    public void prune(RunSpec.Checkpoint settings) {
        List<Checkpoint> all = all();
        Set<Checkpoint> kept =
                new HashSet<>(all.subList(Math.max(0, all.size() - settings.keep()), all.size()));
        Checkpoint best = best(settings);
        if (best != null) {
            kept.add(best);
        }
        all.stream()
                .filter(checkpoint -> !kept.contains(checkpoint))
                .forEach(checkpoint -> Disk.delete(checkpoint.path()));
    }

    /// The earliest one with the best value of the metric that the settings name; null where they
    /// name none, or no checkpoint has it.
    public @Nullable Checkpoint best(RunSpec.Checkpoint settings) {
        String metric = settings.best();
        if (metric == null) {
            return null;
        }
        Checkpoint best = null;
        double sign = settings.bestIs() == Extreme.HIGHEST ? 1 : -1;
        double record = Double.NEGATIVE_INFINITY;
        for (Checkpoint checkpoint : all()) {
            OptionalDouble value = checkpoint.metric(metric);
            if (value.isPresent() && sign * value.getAsDouble() > record) {
                best = checkpoint;
                record = sign * value.getAsDouble();
            }
        }
        return best;
    }

    /// Takes what a run continued from `step` must not find out of the way: later checkpoints,
    /// which are damaged, become `damaged-…`, and what was never finished is deleted.
    ///
    /// @param step -1 where the run begins again
    public void setAsideAfter(int step) {
        for (Path child : children()) {
            if (child.getFileName().toString().endsWith(AtomicFolder.ASIDE)) {
                Disk.delete(child);
            }
        }
        for (Checkpoint later : all()) {
            if (later.step() > step) {
                Path aside = later.path().resolveSibling("damaged-" + later.path().getFileName());
                Disk.delete(aside);
                try {
                    Files.move(later.path(), aside);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private List<Path> children() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
