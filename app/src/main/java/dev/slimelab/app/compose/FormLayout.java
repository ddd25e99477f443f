package dev.slimelab.app.compose;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.spec.RunSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Where the settings of a spec stand in the form, all of them derived from its records.
///
/// Only what nearly everybody sets is named here, to be shown first; a new setting appears under
/// "More" of its section by itself.
final class FormLayout {
    static final String RUN = "Run";
    static final String MODEL = "Model";
    static final String DATA = "Data";
    static final String ADAPTER = "Weights trained";

    /// Settings of the built-in corpus, which a file does not have.
    private static final Set<String> OF_THE_CORPUS = Set.of("data.pairs");

    /// Settings of files, which the built-in corpus does not have.
    private static final Set<String> OF_FILES =
            Set.of(
                    "data.path",
                    "data.format",
                    "data.trainSplit",
                    "data.testSplit",
                    "data.template",
                    "data.evaluationFraction",
                    "data.sftFraction",
                    "data.onBadRow");

    private FormLayout() {}

    /// The slots of the objective with their settings, as cards: what makes the score, each term,
    /// what is around them.
    static List<List<FormNode>> cards(Draft draft) {
        List<List<FormNode>> cards = new ArrayList<>();
        boolean open = false;
        for (FormNode slot : FormNode.of(Objective.class, "objective", draft)) {
            boolean term = slot.field().canBeOff();
            if (term || !open) {
                cards.add(new ArrayList<>());
            }
            cards.getLast().add(slot);
            open = !term;
        }
        return cards;
    }

    /// Everything but the objective, in the order of the form.
    static List<FormSection> sections(Draft draft) {
        List<FormField> model = new ArrayList<>(FormField.of(RunSpec.Model.class, "model"));
        model.addAll(FormField.of(RunSpec.ReferenceModel.class, "reference"));
        boolean builtIn = draft.text("data.format").equals(RunSpec.Data.TINY_LAB);
        List<FormField> data =
                Stream.concat(
                                FormField.of(RunSpec.Data.class, "data").stream(),
                                builtIn
                                        ? Stream.of()
                                        : FormField.of(RunSpec.Columns.class, "data.columns")
                                                .stream())
                        .filter(
                                field ->
                                        !(builtIn ? OF_FILES : OF_THE_CORPUS)
                                                .contains(field.path()))
                        .toList();
        List<FormField> seeds =
                Stream.concat(
                                FormField.of(RunSpec.Seeds.class, "seeds").stream(),
                                Stream.concat(
                                        Stream.of(ofRun("device"), ofRun("threads")),
                                        FormNode.ofKind(ofRun("device"), draft).stream()
                                                .map(FormNode::field)))
                        .toList();
        return List.of(
                FormSection.of(MODEL, model, "model.path", "precision"),
                FormSection.of(
                        ADAPTER,
                        FormNode.ofKind(ofRun("adapter"), draft).stream()
                                .map(FormNode::field)
                                .toList(),
                        "r",
                        "alpha"),
                FormSection.of(DATA, data, "path", "maxLength", "evaluationFraction", "pairs"),
                FormSection.of(
                        "Optimisation",
                        FormField.of(RunSpec.Optimization.class, "optimization"),
                        "learningRate",
                        "maxSteps",
                        "batchPairs",
                        "schedule"),
                FormSection.of(
                        "Evaluation",
                        FormField.of(RunSpec.Evaluation.class, "evaluation"),
                        "everySteps",
                        "probePairs"),
                FormSection.of(
                        "Checkpoints",
                        FormField.of(RunSpec.Checkpoint.class, "checkpoint"),
                        "everySteps",
                        "keep"),
                FormSection.of(
                        "Seeds and device",
                        seeds,
                        "initialization",
                        "order",
                        "sampling",
                        "device",
                        "index",
                        "threads"),
                FormSection.of("What follows", List.of(ofRun("then"))));
    }

    /// What a run is called and teaches.
    static List<FormField> head() {
        return List.of(ofRun("name"), ofRun("stage"));
    }

    /// A setting of the spec itself.
    static FormField ofRun(String name) {
        return FormField.of(RunSpec.class, "").stream()
                .filter(field -> field.path().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Every setting there is a control for.
    static Stream<FormField> all(Draft draft) {
        return Stream.of(
                        head().stream(),
                        cards(draft).stream().flatMap(List::stream).flatMap(FormLayout::flat),
                        sections(draft).stream()
                                .flatMap(
                                        section ->
                                                Stream.concat(
                                                        section.fields().stream(),
                                                        section.more().stream())))
                .flatMap(fields -> fields);
    }

    private static Stream<FormField> flat(FormNode node) {
        return Stream.concat(
                Stream.of(node.field()), node.below().stream().flatMap(FormLayout::flat));
    }
}
