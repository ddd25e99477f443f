package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.ComposerFolder.Template;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/// Drafts kept by name, one's own and those that come with SlimeLab.
public final class TemplatesViewModel {
    private final ComposerViewModel composer;
    private final Background background;
    private final ComposerFolder folder;
    private final ReadOnlyObjectWrapper<List<Template>> all =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();

    TemplatesViewModel(ComposerViewModel composer, Background background, ComposerFolder folder) {
        this.composer = composer;
        this.background = background;
        this.folder = folder;
        load();
    }

    ReadOnlyObjectProperty<List<Template>> all() {
        return all.getReadOnlyProperty();
    }

    /// Why the last thing asked for could not be done.
    ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    private void load() {
        background.run("", folder::templates, all::set, problem::set);
    }

    /// Begins the draft again as a template says; the present one comes back with undo.
    void choose(Template template) {
        problem.set(null);
        background.run("", () -> folder.open(template), composer::open, problem::set);
    }

    /// Keeps the draft as it is, legal or not.
    void keep(String name) {
        problem.set(null);
        ObjectNode tree = composer.draft().get().tree();
        background.run("", () -> folder.keep(name.strip(), tree), _ -> load(), problem::set);
    }

    void delete(Template template) {
        problem.set(null);
        background.run(
                "",
                () -> {
                    folder.delete(template);
                    return template;
                },
                _ -> load(),
                problem::set);
    }
}
