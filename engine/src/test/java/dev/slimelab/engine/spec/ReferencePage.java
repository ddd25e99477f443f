package dev.slimelab.engine.spec;

import static java.util.stream.Collectors.joining;

import dev.slimelab.engine.objective.Anchor;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Margin;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.objective.Regulariser;
import dev.slimelab.engine.objective.Slope;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.objective.Transform;
import dev.slimelab.engine.objective.Unary;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// `docs/objectives.md` and its figures, from the records and their comments.
final class ReferencePage {
    private static final RecordJson RECORDS = new RecordJson(Map.of());
    private static final String IMAGES = "images/objectives/";

    private static final String OPENING =
            """
            # Objectives

            Every part of an objective, every setting, and every paper that is a composition of them. Written by a test from the
            records in [`engine.objective`](../engine/src/main/java/dev/slimelab/engine/objective), so it says what the code does; do not edit it by hand:

            ```
            ./mvnw -q -B verify -pl engine -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dapprove=true
            ```

            A spec names a preset, a preset and what differs, or a whole composition:

            ```json
            { "objective": { "preset": "slime", "stabiliser": { "p": 2.0 } } }
            ```

            How a new preset or kind is added: [contributing.md](contributing.md). Why it is cut this way:
            [decision 0012](decisions/0012-objectives-are-compositions.md).

            ## The composition

            ```math
            f(y)=\\mathrm{transform}\\left(\\mathrm{reduce}_t\\left(\\ell_t-[\\ell^{ref}_t]\\right)\\right)\\qquad z=\\beta\\,(f_w-f_l-\\mathrm{margin})
            ```

            ```math
            L=\\mathrm{scale}\\cdot\\left(\\frac1B\\sum_{pairs}\\omega\\,\\left(\\mathrm{contrast}(z)+\\mathrm{unary}(f_w,f_l)\\right)+\\mathrm{anchor}+\\mathrm{stabiliser}+\\mathrm{regulariser}\\right)
            ```

            $\\ell_t$ is the log-probability of completion token $t$ in nats; $w$ is the chosen answer and $l$ the rejected one; $s$ is a sum over tokens,
            a bar is a mean. “Score” as a unit means the unit of $f$: nats per sequence after a sum, nats per token after a mean. Margins, β and targets do
            not transfer between the two.

            """;

    private final Map<String, String> files = new LinkedHashMap<>();
    private final StringBuilder page = new StringBuilder();

    private ReferencePage() {}

    /// Every file of the reference by its path below `docs/`.
    static Map<String, String> files() {
        ReferencePage reference = new ReferencePage();
        reference.write();
        return reference.files;
    }

    private void write() {
        page.append(OPENING);
        parameters(Objective.class);
        for (RecordComponent slot : Objective.class.getRecordComponents()) {
            Class<?> type = slot.getType();
            if (!type.isSealed() && !type.isEnum()) {
                continue;
            }
            page.append("## ").append(parameter(slot).label()).append(" · `");
            page.append(slot.getName()).append("`\n\n");
            page.append(SourceComments.of(type)).append("\n\n");
            if (type.isEnum()) {
                constants("", type);
            } else {
                RecordJson.kinds(type).forEach((word, kind) -> kind(slot.getName(), word, kind));
            }
        }
        presets();
        files.put("objectives.md", page.toString().strip() + "\n");
    }

    private void kind(String slot, String word, Class<?> kind) {
        page.append("### `").append(slot).append("`: `").append(word).append("`\n\n");
        page.append(SourceComments.of(kind)).append("\n\n");
        formulas(kind).forEach(this::formula);
        parameters(kind);
        String plot = plot(RECORDS.read(kind.getInterfaces()[0], node(word), slot));
        if (plot != null) {
            String file = IMAGES + slot + "-" + word + ".svg";
            files.put(file, plot);
            page.append("![Loss and slope of ").append(word).append("](");
            page.append(file).append(")\n\n");
        }
    }

    /// The formula with defaults, and with every choice and every term that the defaults leave out.
    private static Map<String, String> formulas(Class<?> kind) {
        Class<?> slot = kind.getInterfaces()[0];
        String word = Settings.word(kind.getSimpleName());
        ObjectNode defaults = JsonMapper.shared().createObjectNode().put("kind", word);
        Map<String, String> formulas = new LinkedHashMap<>();
        formulas.put(latex(RECORDS.read(slot, defaults, "")), "");
        for (RecordComponent component : kind.getRecordComponents()) {
            if (component.getType().isEnum()) {
                for (Object constant : component.getType().getEnumConstants()) {
                    String choice = Settings.word(((Enum<?>) constant).name());
                    ObjectNode changed = defaults.deepCopy().put(component.getName(), choice);
                    formulas.putIfAbsent(
                            latex(RECORDS.read(slot, changed, "")),
                            component.getName() + " " + choice);
                }
            } else if (parameter(component).initial().equals("0")) {
                ObjectNode changed =
                        defaults.deepCopy().put(component.getName(), parameter(component).high());
                formulas.putIfAbsent(
                        latex(RECORDS.read(slot, changed, "")), component.getName() + " above 0");
            }
        }
        formulas.remove("");
        return formulas;
    }

    private void formula(String latex, String condition) {
        if (!condition.isEmpty()) {
            page.append("With ").append(condition).append(":\n\n");
        }
        page.append("```math\n").append(latex).append("\n```\n\n");
    }

    private static String latex(Object kind) {
        return switch (kind) {
            case Reduce reduce -> reduce.latex("\\ell_t");
            case Transform transform -> transform.latex("x");
            case Margin margin -> margin.latex();
            case Contrast contrast -> contrast.latex();
            case Unary unary -> unary.latex();
            case Anchor anchor -> anchor.latex();
            case Stabiliser stabiliser -> stabiliser.latex();
            case Regulariser regulariser -> regulariser.latex();
            default -> "";
        };
    }

    private void parameters(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components.length == 0) {
            return;
        }
        page.append("| setting | symbol | unit | default | values | meaning | source |\n");
        page.append("| --- | --- | --- | --- | --- | --- | --- |\n");
        for (RecordComponent component : components) {
            Parameter parameter = parameter(component);
            page.append(
                    "| `%s` | %s | %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    component.getName(),
                                    parameter.symbol(),
                                    parameter.unit(),
                                    initial(component, parameter),
                                    values(component.getType(), parameter),
                                    parameter.help(),
                                    parameter.source()));
        }
        page.append('\n');
        if (type == Objective.class) {
            return;
        }
        for (RecordComponent component : components) {
            if (component.getType().isEnum()) {
                constants("`" + component.getName() + "`: ", component.getType());
            } else if (component.getType().isSealed()) {
                RecordJson.kinds(component.getType())
                        .forEach(
                                (word, kind) -> {
                                    page.append("* `").append(component.getName()).append("`: `");
                                    page.append(word).append("`: ");
                                    page.append(SourceComments.of(kind)).append("\n\n");
                                    parameters(kind);
                                });
            }
        }
    }

    private static String initial(RecordComponent component, Parameter parameter) {
        if (!parameter.initial().isEmpty()) {
            return "`" + parameter.initial() + "`";
        }
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class) ? "off" : "–";
    }

    private static String values(Class<?> type, Parameter parameter) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> "`" + Settings.word(((Enum<?>) constant).name()) + "`")
                    .collect(joining(", "));
        }
        if (type.isSealed()) {
            return RecordJson.kinds(type).keySet().stream()
                    .map(word -> "`" + word + "`")
                    .collect(joining(", "));
        }
        return (type == int.class ? "a whole number, " : "") + Settings.range(parameter);
    }

    /// Choices that their own comment explains.
    private void constants(String prefix, Class<?> type) {
        List<String> explained = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            Enum<?> choice = (Enum<?>) constant;
            String comment = SourceComments.of(choice);
            if (!comment.isEmpty()) {
                explained.add(
                        "* %s`%s`: %s\n".formatted(prefix, Settings.word(choice.name()), comment));
            }
        }
        if (!explained.isEmpty()) {
            page.append(String.join("", explained)).append('\n');
        }
    }

    private static @Nullable String plot(Object kind) {
        return switch (kind) {
            case Contrast contrast -> {
                double beta = contrast instanceof Contrast.TwoSided ? 2 : 1;
                String axis = beta == 1 ? "z" : "z, β = 2";
                yield new CurvePlot(
                                axis,
                                -4,
                                8,
                                List.of(new CurvePlot.Curve("", z -> contrast.at(z, beta))))
                        .svg();
            }
            case Unary unary -> {
                double reach =
                        unary instanceof Unary.SquaredTargets squared ? 2 * squared.target() : 6;
                double other = unary.comparesPairs() ? 0 : Double.NaN;
                yield new CurvePlot(
                                unary.comparesPairs()
                                        ? "score f, the other 0, β = 1"
                                        : "score f, β = 1",
                                -reach,
                                reach,
                                List.of(
                                        new CurvePlot.Curve("chosen", f -> chosen(unary, f, other)),
                                        new CurvePlot.Curve(
                                                "rejected", f -> rejected(unary, other, f))))
                        .svg();
            }
            case Stabiliser stabiliser ->
                    new CurvePlot(
                                    "log-prob of a token, nat",
                                    -8,
                                    0,
                                    List.of(new CurvePlot.Curve("", stabiliser::at)))
                            .svg();
            default -> null;
        };
    }

    private static Slope chosen(Unary unary, double chosen, double rejected) {
        var judged = unary.at(chosen, rejected, 1, 0);
        return new Slope(judged.value(), judged.chosenDerivative());
    }

    private static Slope rejected(Unary unary, double chosen, double rejected) {
        var judged = unary.at(chosen, rejected, 1, 0);
        return new Slope(judged.value(), judged.rejectedDerivative());
    }

    private void presets() {
        page.append("## Presets\n\n");
        page.append(
                "*Verified* was read in the paper's full text or its authors' code and is checked against golden numbers;"
                        + " *reconstructed* was rebuilt from an abstract, pictures or notes.\n\n");
        page.append("| preset | | status | reference model |\n| --- | --- | --- | --- |\n");
        for (Preset preset : Preset.values()) {
            page.append(
                    "| [`%s`](#%s) | %s | %s | %s |\n"
                            .formatted(
                                    preset.id(),
                                    preset.id(),
                                    preset.label(),
                                    status(preset),
                                    preset.objective().needsReference() ? "yes" : "no"));
        }
        page.append('\n');
        for (Preset preset : Preset.values()) {
            preset(preset);
        }
    }

    private void preset(Preset preset) {
        Objective objective = preset.objective();
        page.append("### `").append(preset.id()).append("`\n\n");
        page.append("**").append(preset.label()).append("**, ").append(status(preset));
        page.append(". ").append(preset.citation()).append(".\n\n");
        page.append("Expected: ").append(preset.behaviour()).append("\n\n");
        List<String> formulas = new ArrayList<>();
        if (objective.contrast() != null || objective.unary() != null) {
            formulas.add(objective.latexOfScore());
        }
        if (objective.contrast() != null) {
            formulas.add(objective.latexOfZ());
        }
        formulas.add("L=" + objective.latex());
        formula(String.join("\\qquad ", formulas), "");
        List<String> needs =
                objective.needs().stream()
                        .map(ReferencePage::need)
                        .filter(Objects::nonNull)
                        .toList();
        if (!needs.isEmpty()) {
            page.append("Needs ").append(String.join(", ", needs)).append(".\n\n");
        }
        objective.warnings().forEach(warning -> page.append(warning).append("\n\n"));
        page.append("```json\n").append(composition(objective)).append("\n```\n\n");
    }

    private static String need(Need need) {
        String comment = SourceComments.of(need);
        return comment.substring(0, 1).toLowerCase(Locale.ROOT)
                + comment.substring(1, comment.length() - 1);
    }

    private static String status(Preset preset) {
        return Settings.word(preset.status().name());
    }

    /// One slot a line; what is off is left out.
    private static String composition(Objective objective) {
        ObjectNode tree = SpecJson.toTree(objective);
        return tree.properties().stream()
                .filter(slot -> !slot.getValue().isNull())
                .map(slot -> "  \"" + slot.getKey() + "\": " + json(slot.getValue()))
                .collect(joining(",\n", "{\n", "\n}"));
    }

    private static String json(JsonNode value) {
        return value.toString().replace("\":", "\": ").replace(",\"", ", \"");
    }

    private static JsonNode node(String word) {
        return JsonMapper.shared().getNodeFactory().stringNode(word);
    }

    private static Parameter parameter(RecordComponent component) {
        return Objects.requireNonNull(Settings.parameter(component), component.toString());
    }
}
