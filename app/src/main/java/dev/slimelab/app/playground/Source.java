package dev.slimelab.app.playground;

import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A folder with something to play: a run, or a model.
///
/// @param name what a person knows it by
public record Source(Path folder, String name) {
    static Source of(Path folder) {
        return new Source(folder, folder.getFileName().toString());
    }

    /// What a run was asked.
    ///
    /// @param words without special tokens
    /// @param text what is put to a model
    /// @param isChat whether that is what a user says; else the whole text, as the run reads it
    public record Prompt(String words, String text, boolean isChat) {}

    /// What is in a folder.
    ///
    /// @param states those that can be played, the newest first, as [Playable] has them
    /// @param prompts what the run was asked at its evaluations
    record Content(List<String> states, List<Prompt> prompts) {
        static final Content NOTHING = new Content(List.of(), List.of());

        Content {
            states = List.copyOf(states);
            prompts = List.copyOf(prompts);
        }
    }

    /// Reads the disk.
    Content read() {
        RunDirectory run = new RunDirectory(folder);
        if (!Files.isRegularFile(run.spec())) {
            return Files.isDirectory(folder)
                    ? new Content(List.of(Playable.RESULT), List.of())
                    : Content.NOTHING;
        }
        List<String> states = new ArrayList<>();
        if (Files.isDirectory(run.model()) || Files.isDirectory(run.adapter())) {
            states.add(Playable.RESULT);
        }
        for (Checkpoint checkpoint : run.checkpoints().all().reversed()) {
            states.add(String.format(Locale.ROOT, Playable.STEP + "%06d", checkpoint.step()));
        }
        states.add(Playable.BASE);
        return new Content(states, prompts(run));
    }

    private static List<Prompt> prompts(RunDirectory run) {
        Set<Prompt> prompts = new LinkedHashSet<>();
        for (JsonNode line : new JsonLinesTail(run.samples()).poll().lines()) {
            String words = line.path("prompt").asString("");
            JsonNode exact = line.path("prompt_text");
            prompts.add(
                    exact.isString()
                            ? new Prompt(words, exact.stringValue(), false)
                            : new Prompt(words, words, true));
        }
        return List.copyOf(prompts);
    }
}
