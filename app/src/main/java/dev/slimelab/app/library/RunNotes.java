package dev.slimelab.app.library;

import dev.slimelab.engine.run.RunDirectory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What a person wrote about a run: `notes.json` in its folder, so that it moves with the run. The
/// engine neither reads nor writes it.
///
/// @param archived kept, but out of the way
public record RunNotes(List<String> tags, String note, boolean archived) {
    public static final RunNotes NONE = new RunNotes(List.of(), "", false);

    public RunNotes {
        tags = List.copyOf(tags);
    }

    public RunNotes withTags(String words) {
        List<String> next =
                Arrays.stream(words.split("[,;\\s]+", -1))
                        .filter(tag -> !tag.isEmpty())
                        .distinct()
                        .toList();
        return new RunNotes(next, note, archived);
    }

    public RunNotes withNote(String words) {
        return new RunNotes(tags, words.strip(), archived);
    }

    public RunNotes withArchived(boolean now) {
        return new RunNotes(tags, note, now);
    }

    static Path file(RunDirectory run) {
        return run.path().resolve("notes.json");
    }

    /// None where there are none, or none that can be read.
    static RunNotes read(RunDirectory run) {
        try {
            JsonNode tree = JsonMapper.shared().readTree(Files.readString(file(run)));
            List<String> tags = tree.path("tags").valueStream().map(JsonNode::asString).toList();
            return new RunNotes(
                    tags, tree.path("note").asString(""), tree.path("archived").asBoolean(false));
        } catch (IOException | JacksonException _) {
            return NONE;
        }
    }

    void write(RunDirectory run) {
        ObjectNode tree = JsonMapper.shared().createObjectNode();
        tags.forEach(tree.putArray("tags")::add);
        tree.put("note", note);
        tree.put("archived", archived);
        RunDirectory.replace(file(run), tree.toPrettyString() + "\n");
    }
}
