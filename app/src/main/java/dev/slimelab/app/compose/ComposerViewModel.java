package dev.slimelab.app.compose;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

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
    private static final String OBJECTIVE = "objective";

    private final ReadOnlyObjectWrapper<Draft> draft;
    private final ReadOnlyObjectWrapper<@Nullable RunSpec> spec = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Preset> preset = new ReadOnlyObjectWrapper<>(Preset.SLIME);
    private final ReadOnlyObjectWrapper<@Nullable Objective> objective =
            new ReadOnlyObjectWrapper<>();
    private final Deque<Draft> undo = new ArrayDeque<>();
    private final Deque<Draft> redo = new ArrayDeque<>();
    private final Map<String, JsonNode> parked = new HashMap<>();
    private boolean objectiveHolds;
    private @Nullable Objective before;
    private @Nullable String gesturePath;
    private String lastChanged = "";

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

    /// The objective; stays as it was while the draft's is not legal, see [#objectiveHolds].
    public ReadOnlyObjectProperty<@Nullable Objective> objective() {
        return objective.getReadOnlyProperty();
    }

    /// Whether the draft's objective is legal, whatever the rest of the draft is.
    public boolean objectiveHolds() {
        return objectiveHolds;
    }

    /// The objective before the last change; a whole slide is one.
    public @Nullable Objective objectiveBefore() {
        return before;
    }

    /// Begins another draft; what was there can be brought back with [#undo].
    public void open(RunSpec template) {
        change(new Draft(SpecJson.toTree(template)));
    }

    /// Replaces the data; what the section leaves out takes its default.
    public void useData(ObjectNode section) {
        change(draft.get().with("data", section));
    }

    /// Replaces the objective by a published one; a name that only repeated the former preset
    /// follows.
    public void choose(Preset next) {
        Draft changed = draft.get().with(OBJECTIVE, SpecJson.toTree(next.objective()));
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
        lastChanged = field.path();
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

    /// Whether a setting that can be off is on.
    public boolean isOn(FormField field) {
        return !field.word(draft.get()).equals(FormField.OFF);
    }

    /// Switches a term, or a factor of one; it comes back as it was.
    public void toggle(FormField field) {
        JsonNode value = draft.get().get(field.path());
        boolean page = field.kind() == FormField.Kind.PAGE;
        if (isOn(field)) {
            park(field.path(), value);
            set(field, page ? null : Draft.word(FormField.OFF), Gesture.DONE);
        } else {
            String first = field.choices().getFirst();
            JsonNode fresh = page ? SpecJson.toTree(field.type(), first) : Draft.word(first);
            set(field, parked.getOrDefault(field.path(), fresh), Gesture.DONE);
        }
    }

    /// Chooses one of a field's words; the settings of the other kinds of a page come back later.
    public void choose(FormField field, String word) {
        String before = field.word(draft.get());
        if (before.equals(word)) {
            return;
        }
        if (field.kind() != FormField.Kind.PAGE) {
            set(field, Draft.word(word), Gesture.DONE);
            return;
        }
        park(field.path() + "=" + before, draft.get().get(field.path()));
        JsonNode known = parked.get(field.path() + "=" + word);
        set(field, known == null ? SpecJson.toTree(field.type(), word) : known, Gesture.DONE);
    }

    private void park(String key, @Nullable JsonNode value) {
        if (value != null) {
            parked.put(key, value);
        }
    }

    /// Chooses between the built-in corpus and a file of pairs.
    public void chooseData(String format) {
        Draft now = draft.get();
        boolean builtIn = format.equals(RunSpec.Data.TINY_LAB);
        park("data.path", now.get("data.path"));
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
            lastChanged = "";
            accept(from.pop());
        }
    }

    private void change(Draft next) {
        if (!next.equals(draft.get())) {
            remember();
            gesturePath = null;
            lastChanged = "";
            accept(next);
        }
    }

    private void remember() {
        before = objective.get();
        undo.push(draft.get());
        redo.clear();
        while (undo.size() > REMEMBERED) {
            undo.removeLast();
        }
    }

    /// Everything else is set before the draft, so that whoever is told of a draft finds its
    /// verdict.
    private void accept(Draft next) {
        acceptObjective(next.tree().path(OBJECTIVE));
        try {
            RunSpec valid = SpecJson.fromTree(next.tree());
            spec.set(valid);
            problem.set(null);
            if (differsFromPreset()) {
                Arrays.stream(Preset.values())
                        .filter(known -> known.objective().equals(valid.objective()))
                        .findFirst()
                        .ifPresent(preset::set);
            }
            draft.set(new Draft(SpecJson.toTree(valid)));
        } catch (Problem refused) {
            spec.set(null);
            problem.set(refused);
            draft.set(next);
        }
    }

    private void acceptObjective(JsonNode tree) {
        try {
            objective.set(SpecJson.objective(tree));
            objectiveHolds = true;
        } catch (Problem _) {
            objectiveHolds = false; // the whole spec is refused for the same reason
        }
    }

    /// What is wrong with a field; empty where nothing is.
    public String complaint(FormField field) {
        Problem refused = problem.get();
        return refused != null && refused.what().startsWith(field.path() + " ")
                ? sentence(refused, field.path())
                : "";
    }

    private static String sentence(Problem refused, String path) {
        String what = refused.what();
        int but = what.indexOf("must be ");
        return but < 0
                ? what.substring(path.lastIndexOf('.') + 1) + " " + refused.remedy()
                : "Must be " + what.substring(but + "must be ".length());
    }

    /// Why parts that are legal for themselves do not fit together, and what to do, at the setting
    /// that was changed last; empty at all others.
    public String refusalAt(FormField field) {
        Problem refused = problem.get();
        boolean changed = (lastChanged + ".").startsWith(field.path() + ".");
        if (refused == null || !changed || refused.what().startsWith(OBJECTIVE + ".")) {
            return "";
        }
        return refused.what().replaceFirst("^objective: ", "") + " " + refused.remedy();
    }

    /// What is legal and yet rarely meant; empty where the objective is not legal.
    public List<String> warnings() {
        Objective legal = objective.get();
        return legal == null || !objectiveHolds ? List.of() : legal.warnings();
    }

    /// The slots of the objective with their settings, as cards: what makes the score, each term,
    /// what is around them.
    public List<List<FormNode>> cards() {
        List<List<FormNode>> cards = new ArrayList<>();
        boolean open = false;
        for (FormNode slot : FormNode.of(Objective.class, OBJECTIVE, draft.get())) {
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
        List<FormField> file = new ArrayList<>(FormField.of(RunSpec.Data.class, "data"));
        file.addAll(FormField.of(RunSpec.Columns.class, "data.columns"));
        List<FormField> data =
                file.stream()
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
                        FormNode.ofKind(adapter(), draft.get()).stream()
                                .map(FormNode::field)
                                .toList(),
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
        return ofRun("name");
    }

    /// The field that says which weights are trained.
    public FormField adapter() {
        return ofRun("adapter");
    }

    private static FormField ofRun(String path) {
        return FormField.of(RunSpec.class, "").stream()
                .filter(field -> field.path().equals(path))
                .findFirst()
                .orElseThrow();
    }
}
