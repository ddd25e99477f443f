package dev.slimelab.engine.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a model is: a Hugging Face folder, or a run directory and which of its states is meant.
public record ModelSource(Path folder, State state) {
    /// What a run has trained, at one time.
    public sealed interface State {
        /// The final result, or else the newest checkpoint. The only state of a folder that is no
        /// run.
        record Newest() implements State {}

        /// The checkpoint after so many steps.
        record Step(int step) implements State {}

        /// The model that the run starts from, without what it has trained.
        record Base() implements State {}
    }

    private static final Pattern WITH_STATE = Pattern.compile("(.+)@(?:base|(?:step-)?(\\d{1,9}))");

    public static ModelSource newest(Path folder) {
        return new ModelSource(folder, new State.Newest());
    }

    /// As a command line says it: `DIR`, `DIR@base`, `DIR@200` or `DIR@step-000200`. A folder whose
    /// own name looks like the latter is that folder.
    public static ModelSource parse(String text) {
        Matcher named = WITH_STATE.matcher(text);
        if (!named.matches() || Files.exists(Path.of(text))) {
            return newest(Path.of(text));
        }
        String step = named.group(2);
        return new ModelSource(
                Path.of(named.group(1)),
                step == null ? new State.Base() : new State.Step(Integer.parseInt(step)));
    }
}
