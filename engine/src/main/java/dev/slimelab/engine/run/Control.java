package dev.slimelab.engine.run;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Requests to a running engine, each a file in `control/`, deleted by the engine when it has
/// acted, and then noted in `events.jsonl`.
///
/// A [Request] is an empty file named by its word. An [Edit] is a file `edit-ANYTHING.json`,
/// written aside and renamed.
public record Control(Path folder) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// What can be asked.
    public enum Request {
        PAUSE,
        RESUME,
        STOP,
        /// Save the whole state after the step in progress.
        CHECKPOINT;

        public String word() {
            return Settings.word(name());
        }
    }

    /// Another number for one setting, from the next step on.
    ///
    /// @param path as in a spec, such as `objective.anchor.weight`
    /// @param by who asks, for the record; null where nobody says
    public record Edit(String path, double value, @Nullable String by) {
        public Edit(String path, double value) {
            this(path, value, null);
        }

        /// As a file and an event tell it.
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", path);
            facts.put("value", value);
            if (by != null) {
                facts.put("by", by);
            }
            return facts;
        }

        /// Reads the text of an edit's file.
        ///
        /// @throws Problem bad request: where the text is no edit
        public static Edit parse(String text) {
            try {
                JsonNode tree = JSON.readTree(text);
                if (tree.path("path").isString() && tree.path("value").isNumber()) {
                    return new Edit(
                            tree.get("path").stringValue(),
                            tree.get("value").doubleValue(),
                            tree.path("by").isString() ? tree.get("by").stringValue() : null);
                }
            } catch (JacksonException _) {
                // refused below, with the text
            }
            throw Problem.badRequest(
                    "An edit is " + text.strip() + ".",
                    "Write it as {\"path\": \"optimization.learningRate\", \"value\": 1e-6}.");
        }
    }

    /// Asks; the engine acknowledges within a second while training.
    public void ask(Request request) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(request.word()), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks for an edit; the engine acknowledges it within a second while training, and says
    /// `edited` or `edit-refused` before the next step.
    public void ask(Edit edit) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFile.write(
                folder.resolve(
                        "edit-%d-%s.json".formatted(System.currentTimeMillis(), UUID.randomUUID())),
                JSON.writeValueAsString(edit.facts()));
    }

    /// Takes what has been asked since the last call.
    public Set<Request> take() {
        Set<Request> taken = EnumSet.noneOf(Request.class);
        for (Request request : Request.values()) {
            try {
                if (Files.deleteIfExists(folder.resolve(request.word()))) {
                    taken.add(request);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return taken;
    }

    /// Takes the edits that have been asked since the last call, in the order of their files'
    /// names.
    ///
    /// @return the text of each file, for [Edit#parse]
    public List<String> takeEdits() {
        List<String> taken = new ArrayList<>();
        if (Files.notExists(folder)) {
            return taken;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Control::isEdit).sorted().toList()) {
                taken.add(Files.readString(file));
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return taken;
    }

    private static boolean isEdit(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("edit-") && name.endsWith(".json");
    }
}
