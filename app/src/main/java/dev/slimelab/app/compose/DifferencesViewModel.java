package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Background.Job;
import dev.slimelab.app.compose.ComposerTools.Run;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What tells the draft from a run: only what differs.
public final class DifferencesViewModel {
    /// A setting that differs.
    ///
    /// @param path as in a spec
    /// @param here the draft's value, as text; `none` where it has none
    /// @param there the run's
    record Difference(String path, String here, String there) {}

    /// What is known of the differences.
    sealed interface State {
        /// No run is chosen.
        record None() implements State {}

        record Reading() implements State {}

        record Failed(Problem problem) implements State {}

        /// Both were read.
        ///
        /// @param theirs the run's spec
        record Compared(ObjectNode theirs, List<Difference> differences) implements State {}
    }

    private final ComposerViewModel composer;
    private final Background background;
    private Job job = Job.NONE;
    private final ReadOnlyObjectWrapper<List<Run>> others = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable Run> other = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.None());

    DifferencesViewModel(ComposerViewModel composer, Background background) {
        this.composer = composer;
        this.background = background;
        composer.draft()
                .subscribe(
                        _ -> {
                            if (state.get() instanceof State.Compared compared) {
                                compare(compared.theirs());
                            }
                        });
    }

    /// Runs to choose from.
    ReadOnlyObjectProperty<List<Run>> others() {
        return others.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Run> other() {
        return other.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    void offer(List<Run> runs) {
        if (!runs.equals(others.get())) {
            others.set(List.copyOf(runs));
        }
    }

    void choose(Run run) {
        other.set(run);
        state.set(new State.Reading());
        job.cancel();
        job =
                background.run(
                        "",
                        () -> SpecJson.toTree(run.directory().readSpec()),
                        this::compare,
                        problem -> state.set(new State.Failed(problem)));
    }

    private void compare(ObjectNode theirs) {
        ObjectNode draft = composer.draft().get().tree();
        job.cancel();
        job =
                background.run(
                        "",
                        () -> between(draft, theirs),
                        found -> state.set(new State.Compared(theirs, found)),
                        problem -> state.set(new State.Failed(problem)));
    }

    /// What differs between two specs, their names apart.
    static List<Difference> between(JsonNode here, JsonNode there) {
        List<Difference> found = new ArrayList<>();
        collect("", here, there, found);
        return found;
    }

    private static void collect(
            String path, @Nullable JsonNode here, @Nullable JsonNode there, List<Difference> into) {
        if (here instanceof ObjectNode ours && there instanceof ObjectNode theirs) {
            for (Map.Entry<String, JsonNode> entry : ours.properties()) {
                collect(
                        join(path, entry.getKey()),
                        entry.getValue(),
                        theirs.get(entry.getKey()),
                        into);
            }
            for (Map.Entry<String, JsonNode> entry : theirs.properties()) {
                if (!ours.has(entry.getKey())) {
                    collect(join(path, entry.getKey()), null, entry.getValue(), into);
                }
            }
        } else if (!path.equals("name") && !text(here).equals(text(there))) {
            into.add(new Difference(path, text(here), text(there)));
        }
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String text(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "none";
        }
        if (value instanceof ObjectNode object && object.path("kind").isString()) {
            return object.get("kind").stringValue();
        }
        if (value.isNumber()) {
            return Numbers.plain(value.doubleValue());
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    /// Takes the run's value into the draft: with all of its kind where the kinds differ.
    void take(Difference difference) {
        if (state.get() instanceof State.Compared compared) {
            Draft theirs = new Draft(compared.theirs());
            Draft ours = composer.draft().get();
            String path = "";
            for (String key : difference.path().split("\\.", -1)) {
                path = join(path, key);
                boolean sameKind =
                        ours.text(path + ".kind").equals(theirs.text(path + ".kind"))
                                && ours.get(path) instanceof ObjectNode
                                && theirs.get(path) instanceof ObjectNode;
                if (!sameKind) {
                    break;
                }
            }
            composer.put(path, theirs.get(path));
        }
    }
}
