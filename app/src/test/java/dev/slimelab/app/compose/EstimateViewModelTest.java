package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.compose.EstimateViewModel.Measured;
import dev.slimelab.app.compose.EstimateViewModel.Setting;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;

import tools.jackson.databind.node.IntNode;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

class EstimateViewModelTest {
    @TempDir private Path folder;

    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));
    private final Background background = new Background(Runnable::run);
    private final Deque<Inquiry.Answer> answers = new ArrayDeque<>();
    private EstimateViewModel model = model(Path.of(""));

    @BeforeEach
    void open() {
        model = model(folder);
    }

    private EstimateViewModel model(Path own) {
        return new EstimateViewModel(
                composer,
                background,
                new ComposerFolder(own, own, 1),
                _ -> new Said(answers.pop()));
    }

    private record Said(Answer answer) implements Inquiry {
        @Override
        public void close() {}
    }

    private void engineSays(double gigabytes) {
        answers.add(
                new Inquiry.Answer(
                        0,
                        """
                        {"steps": 100, "tokens": 5000, "longestTokens": 80, "peakBytes": %se9,
                         "machineBytes": 8e9, "trainingSeconds": 150, "takenByOthers": 0.01}
                        """
                                .formatted(gigabytes),
                        ""));
    }

    private void measure() throws Exception {
        model.measure();
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, () -> !model.measuring().get());
    }

    @AfterEach
    void close() {
        background.close();
    }

    @Test
    void whatTheDraftWasBeforeIsKeptBesideIt() throws Exception {
        engineSays(4);
        measure();
        assertThat(model.measured().get())
                .extracting(Measured::otherwise)
                .containsExactly(List.of());
        assertThat(model.measured().get().getFirst().estimate().shareOfMemory()).isEqualTo(0.5);
        assertThat(model.measured().get().getFirst().estimate().secondsPerStep()).isEqualTo(1.5);
        composer.put("optimization.gradientCheckpointing", IntNode.valueOf(1));
        Setting none = new Setting("optimization.gradientCheckpointing", "none");
        assertThat(model.measured().get())
                .extracting(Measured::otherwise)
                .containsExactly(List.of(none));
        engineSays(2);
        measure();
        assertThat(model.measured().get())
                .extracting(measured -> measured.estimate().peakBytes())
                .containsExactly(2e9, 4e9);
        composer.undo();
        assertThat(model.measured().get())
                .extracting(measured -> measured.estimate().peakBytes())
                .containsExactly(4e9, 2e9);
    }

    @Test
    void theEnginesRefusalIsShown() throws Exception {
        answers.add(new Inquiry.Answer(2, "", "The folder x does not exist.\nCorrect model.path."));
        measure();
        assertThat(model.measured().get()).isEmpty();
        assertThat(model.problem().get())
                .extracting("what", "remedy")
                .containsExactly("The folder x does not exist.", "Correct model.path.");
    }
}
