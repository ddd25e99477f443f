package dev.slimelab.app.compose;

import dev.slimelab.app.compose.TermCard.Switch;
import dev.slimelab.engine.objective.Anchor;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Margin;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A run being composed: its draft, whether it is valid, and every edit so far.
///
/// The draft is checked by the engine's own records on every change, so that what this form accepts
/// is exactly what `slimelab train` accepts.
public final class ComposerViewModel {
    /// Whether an edit is one of many of the same gesture, which undo takes back together.
    public enum Gesture {
        CONTINUING,
        DONE
    }

    private static final int REMEMBERED = 200;
    private static final String CONTRAST = "objective.contrast";
    private static final String ANCHOR = "objective.anchor";
    private static final String STABILISER = "objective.stabiliser";

    private final ReadOnlyObjectWrapper<Draft> draft;
    private final ReadOnlyObjectWrapper<@Nullable RunSpec> spec = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Preset> preset = new ReadOnlyObjectWrapper<>(Preset.SLIME);
    private final ReadOnlyStringWrapper latex = new ReadOnlyStringWrapper("");
    private final Deque<Draft> undo = new ArrayDeque<>();
    private final Deque<Draft> redo = new ArrayDeque<>();
    private final Map<String, JsonNode> parked = new HashMap<>();
    private @Nullable String gesturePath;

    public ComposerViewModel(RunSpec start) {
        draft = new ReadOnlyObjectWrapper<>(new Draft(SpecJson.toTree(start)));
        accept(draft.get());
    }

    public ReadOnlyObjectProperty<Draft> draft() {
        return draft.getReadOnlyProperty();
    }

    /// The draft as a spec; null while it is not valid, which [#problem] explains.
    public ReadOnlyObjectProperty<@Nullable RunSpec> spec() {
        return spec.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// The preset that was chosen last, or that the objective equals.
    public ReadOnlyObjectProperty<Preset> preset() {
        return preset.getReadOnlyProperty();
    }

    /// Whether the objective is known to differ from its preset.
    public boolean differsFromPreset() {
        RunSpec valid = spec.get();
        return valid != null && !valid.objective().equals(preset.get().objective());
    }

    /// The loss as far as its terms are switched on; keeps the last one while the draft is not
    /// valid.
    public ReadOnlyStringProperty latex() {
        return latex.getReadOnlyProperty();
    }

    /// Begins another draft; what was there can be brought back with [#undo].
    public void open(RunSpec template) {
        change(new Draft(SpecJson.toTree(template)));
    }

    /// Replaces the objective by a published one; a name that only repeated the former preset
    /// follows.
    public void choose(Preset next) {
        Draft changed = draft.get().with("objective", SpecJson.toTree(next.objective()));
        if (changed.text("name").equals(preset.get().id())) {
            changed = changed.with("name", Draft.word(next.id()));
        }
        preset.set(next);
        parked.clear();
        change(changed);
    }

    public void set(FormField field, @Nullable JsonNode value, Gesture gesture) {
        Draft changed = draft.get().with(field.path(), value);
        if (changed.equals(draft.get())) {
            return;
        }
        boolean sameGesture = field.path().equals(gesturePath);
        if (!sameGesture) {
            remember();
        }
        gesturePath = gesture == Gesture.CONTINUING ? field.path() : null;
        accept(changed);
    }

    /// Takes what was typed into a field: a number, a word, or nothing where nothing is allowed.
    /// Text that is no number goes into the draft as it is, and the check says what is wrong with
    /// it.
    public void type(FormField field, String text) {
        String typed = text.strip().replace('−', '-').replace("\u202f", "");
        if (typed.isEmpty() && (field.optional() || field.isNumeric())) {
            set(field, field.optional() ? null : Draft.word(""), Gesture.DONE);
            return;
        }
        if (!field.isNumeric()) {
            set(field, Draft.word(text.strip()), Gesture.DONE);
            return;
        }
        try {
            set(field, Draft.number(Double.parseDouble(typed)), Gesture.DONE);
        } catch (NumberFormatException _) {
            set(field, Draft.word(typed), Gesture.DONE);
        }
    }

    public void slide(FormField field, double position, Gesture gesture) {
        set(field, Draft.number(field.valueAt(position)), gesture);
    }

    /// Switches a term or factor; its settings come back when it is switched on again.
    public void toggle(TermCard card) {
        Draft now = draft.get();
        JsonNode value = now.get(card.slot());
        if (card.on()) {
            if (value != null) {
                parked.put(card.slot(), value);
            }
            change(now.with(card.slot(), card.how() == Switch.ABSENT ? null : Draft.word("off")));
        } else {
            change(now.with(card.slot(), parked.getOrDefault(card.slot(), published(card.slot()))));
        }
    }

    /// What SLIME has in a slot.
    private static JsonNode published(String slot) {
        ObjectNode slime = SpecJson.toTree(Preset.SLIME.objective());
        JsonNode node = new Draft(slime).get(slot.substring("objective.".length()));
        return Objects.requireNonNull(node, slot);
    }

    /// Chooses between kinds of a page, for example `lora` and `full`; settings of the other kind
    /// come back later.
    public void chooseKind(String path, String kind) {
        Draft now = draft.get();
        JsonNode value = now.get(path);
        if (now.text(path + ".kind").equals(kind)) {
            return;
        }
        if (value != null) {
            parked.put(path + "=" + now.text(path + ".kind"), value);
        }
        JsonNode known = parked.get(path + "=" + kind);
        change(now.with(path, known == null ? Draft.word(kind) : known));
    }

    /// Chooses between the built-in corpus and a file of pairs.
    public void chooseData(String format) {
        Draft now = draft.get();
        boolean builtIn = format.equals(RunSpec.Data.TINY_LAB);
        JsonNode path = now.get("data.path");
        if (path != null) {
            parked.put("data.path", path);
        }
        JsonNode before = parked.getOrDefault("data.path", Draft.word("pairs.jsonl"));
        change(
                now.with("data.format", Draft.word(format))
                        .with("data.path", builtIn ? null : before));
    }

    public void undo() {
        travel(undo, redo);
    }

    public void redo() {
        travel(redo, undo);
    }

    private void travel(Deque<Draft> from, Deque<Draft> to) {
        if (!from.isEmpty()) {
            to.push(draft.get());
            gesturePath = null;
            accept(from.pop());
        }
    }

    private void change(Draft next) {
        if (!next.equals(draft.get())) {
            remember();
            gesturePath = null;
            accept(next);
        }
    }

    private void remember() {
        undo.push(draft.get());
        redo.clear();
        while (undo.size() > REMEMBERED) {
            undo.removeLast();
        }
    }

    /// Everything else is set before the draft, so that whoever is told of a draft finds its
    /// verdict.
    private void accept(Draft next) {
        try {
            RunSpec valid = SpecJson.fromTree(next.tree());
            spec.set(valid);
            problem.set(null);
            latex.set(valid.objective().latex());
            Arrays.stream(Preset.values())
                    .filter(known -> known.objective().equals(valid.objective()))
                    .findFirst()
                    .ifPresent(preset::set);
            // Words such as "lora" stand for a kind with all its defaults: from here on they are
            // written out.
            draft.set(new Draft(SpecJson.toTree(valid)));
        } catch (Problem refused) {
            spec.set(null);
            problem.set(refused);
            draft.set(next);
        }
    }

    /// What is wrong with a field; empty where nothing is.
    public String complaint(FormField field) {
        Problem refused = problem.get();
        return refused != null && refused.what().startsWith(field.path() + " ")
                ? sentence(refused)
                : "";
    }

    private static String sentence(Problem refused) {
        String what = refused.what();
        int but = what.indexOf("must be ");
        return but < 0 ? what : "Must be " + what.substring(but + "must be ".length());
    }

    /// The terms of the objective, each with its switch and settings.
    public List<TermCard> terms() {
        List<TermCard> cards = new ArrayList<>();
        cards.add(term("Anchor", ANCHOR, "Keeps the chosen answer likely.", Anchor.class));
        cards.add(
                term(
                        "Stabiliser",
                        STABILISER,
                        "Keeps rejected tokens from becoming impossible.",
                        Stabiliser.class));
        if (draft.get().text(CONTRAST + ".kind").equals(Settings.word("DualMargin"))) {
            List<FormField> fields = FormField.of(Contrast.DualMargin.class, CONTRAST);
            cards.add(
                    factor(
                            "Hard margin",
                            "hard",
                            "Pairs beyond it get no push.",
                            fields,
                            "weight",
                            "hardMargin",
                            "hard"));
            cards.add(
                    factor(
                            "Soft margin",
                            "soft",
                            "Lets go gradually.",
                            fields,
                            "softMargin",
                            "kappa"));
        } else {
            cards.add(contrast());
        }
        return cards;
    }

    private TermCard contrast() {
        TermCard bare =
                term(
                        "Contrast",
                        CONTRAST,
                        "Prefers the chosen answer to the rejected one.",
                        Contrast.class);
        List<FormField> fields =
                new ArrayList<>(
                        FormField.of(Objective.class, "objective").stream()
                                .filter(field -> field.path().equals("objective.beta"))
                                .toList());
        if (draft.get().text("objective.margin.kind").equals("constant")) {
            fields.addAll(FormField.of(Margin.Constant.class, "objective.margin"));
        }
        fields.addAll(bare.fields());
        return new TermCard(
                bare.title(),
                bare.help(),
                bare.slot(),
                bare.how(),
                bare.on(),
                bare.on() ? fields : List.of());
    }

    private TermCard term(String title, String slot, String help, Class<?> page) {
        boolean on = draft.get().get(slot) != null;
        return new TermCard(
                title, help, slot, Switch.ABSENT, on, on ? fieldsOfKind(page, slot) : List.of());
    }

    private TermCard factor(
            String title, String name, String help, List<FormField> all, String... names) {
        String slot = CONTRAST + "." + name;
        boolean on = !draft.get().text(slot).equals("off");
        FormSection section = FormSection.of(title, all, names);
        return new TermCard(
                title, help, slot, Switch.OFF_WORD, on, on ? section.fields() : List.of());
    }

    /// The fields of the kind that a page of choices currently has at a path.
    private List<FormField> fieldsOfKind(Class<?> page, String path) {
        String kind = draft.get().text(path + ".kind");
        return Arrays.stream(page.getPermittedSubclasses())
                .filter(type -> Settings.word(type.getSimpleName()).equals(kind))
                .findFirst()
                .map(type -> FormField.of(type, path))
                .orElse(List.of());
    }

    /// Everything but the objective, in the order of the form.
    public List<FormSection> sections() {
        List<FormField> run = FormField.of(RunSpec.class, "");
        List<FormField> seeds = new ArrayList<>(FormField.of(RunSpec.Seeds.class, "seeds"));
        seeds.addAll(
                run.stream()
                        .filter(
                                field ->
                                        field.path().equals("threads")
                                                || field.path().equals("device"))
                        .toList());
        List<FormField> model = new ArrayList<>(FormField.of(RunSpec.Model.class, "model"));
        model.addAll(FormField.of(RunSpec.ReferenceModel.class, "reference"));
        boolean builtIn = draft.get().text("data.format").equals(RunSpec.Data.TINY_LAB);
        List<FormField> data =
                FormField.of(RunSpec.Data.class, "data").stream()
                        .filter(
                                field ->
                                        builtIn
                                                ? List.of("data.pairs", "data.seed")
                                                        .contains(field.path())
                                                : !List.of("data.pairs", "data.seed", "data.format")
                                                        .contains(field.path()))
                        .toList();
        return List.of(
                FormSection.of(
                        "Optimisation",
                        FormField.of(RunSpec.Optimization.class, "optimization"),
                        "learningRate",
                        "maxSteps",
                        "batchPairs",
                        "schedule"),
                FormSection.of(
                        "Weights trained",
                        fieldsOfKind(RunSpec.Adapter.class, "adapter"),
                        "r",
                        "alpha"),
                FormSection.of("Model", model, "path", "precision"),
                FormSection.of("Data", data, "path", "maxLength", "pairs", "seed"),
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
                        "order",
                        "initialization",
                        "sampling",
                        "threads"));
    }

    /// The field that names the run.
    public FormField name() {
        return FormField.of(RunSpec.class, "").getFirst();
    }
}
