package dev.slimelab.app.compose;

import dev.slimelab.engine.parameter.Parameter.Place;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.spec.SpecText.Format;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What the composer keeps on the disk, beside the runs: the draft, templates, places used lately,
/// and measurements. Everything here takes its time, so it is for
/// [background][dev.slimelab.app.background] workers.
///
/// ```
/// draft.json        what is being composed      templates/NAME.json   drafts kept by name
/// draft-2.json      in a second window          scores/KEY.json       log-probs of real pairs
/// recent.json       folders and files           COMMAND-PID.json      what the engine is asked about
/// ```
///
/// @param path made when something is kept
/// @param builtIn templates that come with SlimeLab
/// @param seat which of the windows that are open has it, from 1: each has a draft of its own
public record ComposerFolder(Path path, Path builtIn, int seat) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int RECENT = 8;

    /// A draft as it was left.
    ///
    /// @param text that was being written and could not be read yet; null where there is none
    /// @param format of that text
    public record Left(ObjectNode tree, @Nullable String text, Format format) {}

    /// A draft kept by name.
    ///
    /// @param own whether it can be deleted
    public record Template(String name, Path file, boolean own) {}

    /// The draft that was left; null where there is none that can be read.
    @Nullable Left left() {
        if (!(read(draft()) instanceof ObjectNode kept)
                || !(kept.get("spec") instanceof ObjectNode tree)) {
            return null;
        }
        JsonNode text = kept.path("text");
        return new Left(
                tree,
                text.isString() ? text.stringValue() : null,
                kept.path("format").asString("").equals("yaml") ? Format.YAML : Format.JSON);
    }

    private Path draft() {
        return path.resolve(seat == 1 ? "draft.json" : "draft-" + seat + ".json");
    }

    void leave(Left left) {
        ObjectNode kept = JSON.createObjectNode();
        kept.set("spec", left.tree());
        kept.put("text", left.text());
        kept.put("format", left.format().name().toLowerCase(Locale.ROOT));
        write(draft(), kept);
    }

    /// One's own templates first, then those that come with SlimeLab, each by name.
    List<Template> templates() {
        return Stream.concat(
                        templates(path.resolve("templates"), true).stream(),
                        templates(builtIn, false).stream())
                .toList();
    }

    private static List<Template> templates(Path folder, boolean own) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(json|ya?ml)"))
                    .sorted()
                    .map(
                            file ->
                                    new Template(
                                            file.getFileName()
                                                    .toString()
                                                    .replaceFirst("\\.[a-z]+$", ""),
                                            file,
                                            own))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The settings of a template, its file paths absolute where it is a whole spec.
    ///
    /// @throws Problem where its file is no longer there or no spec
    ObjectNode open(Template template) {
        try {
            return SpecJson.toTree(SpecJson.read(template.file(), List.of()));
        } catch (Problem unfinished) {
            return SpecJson.readTree(template.file());
        }
    }

    /// Keeps a draft by name, in place of an earlier one of that name.
    ///
    /// @throws Problem bad request: where the name cannot be a file's
    Template keep(String name, ObjectNode tree) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,59}")) {
            throw Problem.badRequest(
                    "A template cannot be called \"" + name + "\".",
                    "Use letters, digits, spaces, dots and dashes.");
        }
        Path file = path.resolve("templates").resolve(name + ".json");
        write(file, tree);
        return new Template(name, file, true);
    }

    void delete(Template template) {
        try {
            Files.deleteIfExists(template.file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Places used lately, the latest first.
    List<String> recent(Place place) {
        List<String> recent = new ArrayList<>();
        if (read(path.resolve("recent.json")) instanceof ObjectNode kept) {
            kept.path(place.name()).forEach(item -> recent.add(item.asString("")));
        }
        return recent;
    }

    /// Puts a place first among those used lately.
    ///
    /// @return all of them
    List<String> remember(Place place, String used) {
        List<String> recent = new ArrayList<>(recent(place));
        recent.remove(used);
        recent.addFirst(used);
        ObjectNode kept =
                read(path.resolve("recent.json")) instanceof ObjectNode before
                        ? before
                        : JSON.createObjectNode();
        List<String> first = recent.subList(0, Math.min(RECENT, recent.size()));
        kept.set(place.name(), JSON.valueToTree(first));
        write(path.resolve("recent.json"), kept);
        return List.copyOf(first);
    }

    /// What was measured of a model and data that have not changed since; null where nothing was.
    @Nullable PairScores scores(Identity identity) {
        Path file = scoresOf(identity);
        try {
            return Files.exists(file) ? PairScores.read(Files.readString(file)) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Problem damaged) {
            return null; // it is measured again
        }
    }

    void keep(Identity identity, PairScores scores) {
        write(scoresOf(identity), scores.json());
    }

    private Path scoresOf(Identity identity) {
        return path.resolve("scores").resolve(identity.key() + ".json");
    }

    /// Writes a spec where an engine can read it.
    ///
    /// @param command what it is asked; two windows and two questions do not disturb each other
    Path question(String command, RunSpec spec) {
        Path file = path.resolve(command + "-" + ProcessHandle.current().pid() + ".json");
        write(file, SpecJson.text(spec));
        return file;
    }

    private static @Nullable JsonNode read(Path file) {
        try {
            return Files.exists(file) ? JSON.readTree(Files.readString(file)) : null;
        } catch (JacksonException damaged) {
            return null; // what is only remembered may be forgotten
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, JsonNode tree) {
        write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            RunDirectory.replace(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
