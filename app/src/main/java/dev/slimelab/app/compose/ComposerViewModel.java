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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

    private static final String OBJECTIVE = "objective";

    private final ReadOnlyObjectWrapper<Draft> draft;
    private final ReadOnlyObjectWrapper<@Nullable RunSpec> spec = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Preset> preset = new ReadOnlyObjectWrapper<>(Preset.SLIME);
    private final ReadOnlyObjectWrapper<@Nullable Objective> objective =
            new ReadOnlyObjectWrapper<>();
    private final History history = new History();
    private final Map<String, JsonNode> parked = new HashMap<>();
    private boolean objectiveHolds;
    private @Nullable Objective before;
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
        open(SpecJson.toTree(template));
    }

    /// The same with settings that need not be a spec yet.
    void open(ObjectNode tree) {
        change(new Draft(tree));
    }

    /// Goes on with a draft that was left earlier; there is nothing before it.
    void restore(ObjectNode tree) {
        accept(new Draft(tree));
    }

    /// Puts a value at a place, as a step of its own.
    void put(String path, @Nullable JsonNode value) {
        change(draft.get().with(path, value));
    }

    /// Keeps the draft from being started while a text of it cannot be read.
    void hold(Problem unread) {
        spec.set(null);
        problem.set(unread);
    }

    /// Ends [#hold].
    void letGo() {
        accept(draft.get());
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
        parked.keySet().removeIf(path -> path.startsWith(OBJECTIVE));
        change(changed);
    }

    public void set(FormField field, @Nullable JsonNode value, Gesture gesture) {
        Draft changed = draft.get().with(field.path(), value);
        if (!changed.equals(draft.get())) {
            remember(field.path());
            lastChanged = field.path();
            accept(changed);
        }
        if (gesture == Gesture.DONE) {
            settle();
        }
    }

    /// Ends a gesture: what comes next is a step of its own.
    public void settle() {
        history.settle();
    }

    /// Takes what is being typed into a field; a word's letters are one gesture until it is
    /// [settled][#settle].
    public void type(FormField field, String text) {
        set(field, Draft.typed(field, text), Gesture.CONTINUING);
    }

    /// Replaces the draft by what a person writes as text, letter by letter.
    public void write(ObjectNode tree) {
        Draft written = new Draft(tree.deepCopy());
        if (!written.equals(draft.get())) {
            remember("text");
            lastChanged = "";
            accept(written);
        }
    }

    public void slide(FormField field, double position, Gesture gesture) {
        set(field, Draft.number(field, field.valueAt(position)), gesture);
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

    /// Chooses between the built-in corpus and a file of pairs; the settings of the other come back
    /// later.
    public void chooseData(String format) {
        Draft now = draft.get();
        String before = now.text("data.format");
        boolean builtIn = format.equals(RunSpec.Data.TINY_LAB);
        if (builtIn == before.equals(RunSpec.Data.TINY_LAB)) {
            return;
        }
        park("data=" + !builtIn, now.get("data"));
        ObjectNode fresh = JsonMapper.shared().createObjectNode().put("format", format);
        if (!builtIn) {
            fresh.put("path", "pairs.jsonl");
        }
        change(now.with("data", parked.getOrDefault("data=" + builtIn, fresh)));
    }

    public void undo() {
        travel(history.back(draft.get()));
    }

    public void redo() {
        travel(history.forth(draft.get()));
    }

    private void travel(@Nullable Draft to) {
        if (to != null) {
            lastChanged = "";
            accept(to);
        }
    }

    private void change(Draft next) {
        if (!next.equals(draft.get())) {
            remember(null);
            lastChanged = "";
            accept(next);
        }
    }

    private void remember(@Nullable String gesture) {
        if (history.remember(draft.get(), gesture)) {
            before = objective.get();
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
        return refused != null && refused.what().matches(Pattern.quote(field.path()) + "[ \\[].*")
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

    /// The objective's slots, see [FormLayout#cards].
    public List<List<FormNode>> cards() {
        return FormLayout.cards(draft.get());
    }

    /// Everything else, see [FormLayout#sections].
    public List<FormSection> sections() {
        return FormLayout.sections(draft.get());
    }

    /// The field that names the run.
    public FormField name() {
        return FormLayout.ofRun("name");
    }

    /// The field that says which weights are trained.
    public FormField adapter() {
        return FormLayout.ofRun("adapter");
    }
}
