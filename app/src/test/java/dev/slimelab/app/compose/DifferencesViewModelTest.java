package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.HandedBack;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.DifferencesViewModel.Difference;
import dev.slimelab.app.compose.DifferencesViewModel.Other;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class DifferencesViewModelTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));
    private final HandedBack results = new HandedBack();
    private final Background background = new Background(results);
    private final DifferencesViewModel differences = new DifferencesViewModel(composer, background);

    @AfterEach
    void close() {
        background.close();
    }

    @Test
    void onlyWhatDiffersIsShown() {
        Other same = new Other("twin", FakeRuns.spec("slime"));
        differences.offer(List.of(same));
        differences.choose(same);
        results.take();
        assertThat(differences.differences().get()).isEmpty();
        composer.put("optimization.learningRate", Draft.number(FormLayout.ofRun("name"), 1e-3));
        results.take();
        assertThat(differences.differences().get())
                .containsExactly(new Difference("optimization.learningRate", "0.001", "3e-4"));
    }

    @Test
    void aRunsValueCanBeTakenWithAllOfItsKind() {
        Other dpo = new Other("dpo", FakeRuns.spec("dpo"));
        differences.choose(dpo);
        results.take();
        Difference contrast =
                differences.differences().get().stream()
                        .filter(each -> each.path().equals("objective.contrast.kind"))
                        .findFirst()
                        .orElseThrow();
        assertThat(contrast.here()).isEqualTo("dual-margin");
        differences.take(contrast);
        results.take();
        assertThat(composer.draft().get().text("objective.contrast.kind")).isEqualTo("log-sigmoid");
        assertThat(differences.differences().get())
                .noneMatch(each -> each.path().startsWith("objective.contrast"));
        composer.undo();
        assertThat(composer.draft().get().text("objective.contrast.kind")).isEqualTo("dual-margin");
    }
}
