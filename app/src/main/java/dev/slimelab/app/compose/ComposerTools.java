package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import javafx.beans.property.ReadOnlyObjectProperty;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/// What stands beside the draft: its text, templates, the model's numbers, real pairs, what it
/// needs of the machine, and other runs to compare with.
public final class ComposerTools implements AutoCloseable {
    /// A run of the library.
    public record Run(String name, RunDirectory directory) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final ComposerViewModel composer;
    private final Background background;
    private final SpecTextViewModel text;
    private final TemplatesViewModel templates;
    private final RecentViewModel recent;
    private final ModelFactsViewModel facts;
    private final EvidenceViewModel evidence;
    private final EstimateViewModel estimate;
    private final DifferencesViewModel differences;
    private final DraftKeeper keeper;

    /// @param engine asks the engine a question, such as `score`
    public ComposerTools(
            ComposerViewModel composer,
            Background background,
            ComposerFolder folder,
            Function<List<String>, Inquiry> engine) {
        this.composer = composer;
        this.background = background;
        text = new SpecTextViewModel(composer, background);
        templates = new TemplatesViewModel(composer, background, folder);
        recent = new RecentViewModel(background, folder);
        facts = new ModelFactsViewModel(composer, background, folder, engine);
        evidence = new EvidenceViewModel(composer, background, folder, engine);
        estimate = new EstimateViewModel(composer, background, folder, engine);
        differences = new DifferencesViewModel(composer, background);
        keeper = new DraftKeeper(composer, text, background, folder);
        keeper.restore();
    }

    public SpecTextViewModel text() {
        return text;
    }

    /// The text of a setting that is an object.
    ObjectText object(FormField field) {
        return new ObjectText(field, composer, background);
    }

    public TemplatesViewModel templates() {
        return templates;
    }

    public RecentViewModel recent() {
        return recent;
    }

    public ModelFactsViewModel facts() {
        return facts;
    }

    public EvidenceViewModel evidence() {
        return evidence;
    }

    EstimateViewModel estimate() {
        return estimate;
    }

    public DifferencesViewModel differences() {
        return differences;
    }

    /// Why the draft could not be kept on the disk; null where it was.
    public ReadOnlyObjectProperty<@Nullable Problem> unkept() {
        return keeper.problem();
    }

    /// The runs that can be compared with and whose records can be looked at.
    public void offer(List<Run> runs) {
        differences.offer(runs);
        evidence.offer(runs);
    }

    /// Whether the composer is on show: only then the engine is asked about its model.
    public void watch(boolean shown) {
        facts.watch(shown);
    }

    /// Writes the draft and ends what the engine was asked.
    @Override
    public void close() {
        keeper.close();
        facts.close();
        evidence.cancel();
        estimate.cancel();
    }
}
