package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.HandedBack;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.DifferencesViewModel.Difference;
import dev.slimelab.app.compose.DifferencesViewModel.State;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DifferencesViewModelTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));
    private final HandedBack results = new HandedBack();
    private final Background background = new Background(results);
    private final DifferencesViewModel differences = new DifferencesViewModel(composer, background);

    @TempDir private Path folder;

    @AfterEach
    void close() {
        background.close();
    }

    private void choose(String preset) {
        RunDirectory run = FakeRuns.begin(folder.resolve(preset), FakeRuns.spec(preset));
        differences.choose(new ComposerTools.Run(preset, run));
        assertThat(differences.state().get()).isEqualTo(new State.Reading());
        results.take();
        results.take();
    }

    /// Apart from the path of the model, which a run has written out.
    private List<Difference> found() {
        return ((State.Compared) differences.state().get())
                .differences().stream().filter(each -> !each.path().equals("model.path")).toList();
    }

    @Test
    void onlyWhatDiffersIsShown() {
        choose("slime");
        assertThat(found()).isEmpty();
        composer.put("optimization.learningRate", Draft.number(FormLayout.ofRun("name"), 1e-3));
        results.take();
        assertThat(found())
                .containsExactly(new Difference("optimization.learningRate", "0.001", "3e-4"));
    }

    @Test
    void aRunsValueCanBeTakenWithAllOfItsKind() {
        choose("dpo");
        Difference contrast =
                found().stream()
                        .filter(each -> each.path().equals("objective.contrast.kind"))
                        .findFirst()
                        .orElseThrow();
        assertThat(contrast.here()).isEqualTo("dual-margin");
        differences.take(contrast);
        results.take();
        assertThat(composer.draft().get().text("objective.contrast.kind")).isEqualTo("log-sigmoid");
        assertThat(found()).noneMatch(each -> each.path().startsWith("objective.contrast"));
        composer.undo();
        assertThat(composer.draft().get().text("objective.contrast.kind")).isEqualTo("dual-margin");
    }

    @Test
    void aRunWhoseSettingsCannotBeReadIsNamed() throws IOException {
        RunDirectory run = FakeRuns.begin(folder.resolve("broken"), FakeRuns.spec("slime"));
        Files.writeString(run.spec(), "{");
        differences.choose(new ComposerTools.Run("broken", run));
        results.take();
        assertThat(((State.Failed) differences.state().get()).problem())
                .extracting(Problem::what)
                .asString()
                .contains("spec.json");
    }
}
