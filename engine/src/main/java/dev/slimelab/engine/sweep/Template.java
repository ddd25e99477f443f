package dev.slimelab.engine.sweep;

import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/// Sweeps that come with SlimeLab, each a JSON resource of its name; they have the built-in model
/// as their base where no other is given.
public enum Template {
    TABLE4("SLIME's Table 4: each part of the objective left out"),
    TABLE5("SLIME's Table 5: the stabiliser's exponent p"),
    SIMPO("SimPO in its authors' order: learning rate, then γ/β, then β");

    private final String summary;

    Template(String summary) {
        this.summary = summary;
    }

    public String word() {
        return Settings.word(name());
    }

    public String summary() {
        return summary;
    }

    /// The template that commands call by a word.
    ///
    /// @throws Problem bad request: where there is none
    public static Template named(String word) {
        return Arrays.stream(values())
                .filter(template -> template.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "There is no template \"" + word + "\".",
                                        "Use one of "
                                                + Arrays.stream(values())
                                                        .map(Template::word)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }

    /// What the template says, whatever it starts from.
    public ObjectNode tree() {
        return resource(word());
    }

    /// The sweep on a spec of one's own.
    public Sweep on(RunSpec base) {
        ObjectNode tree = tree();
        tree.set("base", SpecJson.toTree(base));
        return Sweep.of(tree, Path.of("").toAbsolutePath(), word());
    }

    /// The base where none is given: the built-in model, 160 steps of 16 pairs.
    ///
    /// @param assets the folder that holds the built-in model
    public static RunSpec builtIn(Path assets) {
        return SpecJson.fromTree(resource("built-in"), assets);
    }

    private static ObjectNode resource(String name) {
        @Nullable InputStream found = Template.class.getResourceAsStream(name + ".json");
        try (InputStream text = Objects.requireNonNull(found, name)) {
            return (ObjectNode) JsonMapper.shared().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
