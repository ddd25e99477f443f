package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.HandedBack;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.SpecTextViewModel.Mistake;
import dev.slimelab.engine.spec.SpecText.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class SpecTextViewModelTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));
    private final HandedBack results = new HandedBack();
    private final Background background = new Background(results);
    private final SpecTextViewModel text = new SpecTextViewModel(composer, background);

    @AfterEach
    void close() {
        background.close();
    }

    private void show(Format format) {
        text.show(format);
        results.take();
    }

    private void type(String typed) {
        text.type(typed);
        results.take();
    }

    @Test
    void theTextFollowsTheDraftInBothFormats() {
        show(Format.YAML);
        assertThat(text.text().get()).contains("name: slime\n");
        composer.put("name", Draft.word("other"));
        results.take();
        assertThat(text.text().get()).contains("name: other\n");
        show(Format.JSON);
        assertThat(text.text().get()).contains("\"name\" : \"other\"");
    }

    @Test
    void whatIsTypedIsInTheDraftAndStaysAsItWasTyped() {
        show(Format.YAML);
        String typed = text.text().get().replace("name: slime", "name:   mine # so far");
        type(typed);
        assertThat(composer.draft().get().text("name")).isEqualTo("mine");
        assertThat(text.text().get()).isEqualTo(typed);
        composer.undo();
        results.take();
        assertThat(composer.draft().get().text("name")).isEqualTo("slime");
        assertThat(text.text().get()).contains("name: slime\n");
    }

    @Test
    void textThatCannotBeReadIsKeptAndKeepsTheDraftFromStarting() {
        show(Format.JSON);
        String whole = text.text().get();
        type(whole.replaceFirst(",", ""));
        Mistake mistake = Objects.requireNonNull(text.unread().get());
        assertThat(mistake.line()).isEqualTo(3);
        assertThat(mistake.sentence()).startsWith("Line 3: The text is not JSON");
        assertThat(composer.spec().get()).isNull();
        text.show(Format.YAML);
        assertThat(text.text().get()).as("not thrown away").isNotEqualTo(whole).startsWith("{");

        type(whole);
        assertThat(text.unread().get()).isNull();
        assertThat(composer.spec().get()).isNotNull();
    }

    @Test
    void textThatCannotBeReadCanBeDiscarded() {
        show(Format.YAML);
        String before = text.text().get();
        type(before + "device: [");
        text.discard();
        results.take();
        assertThat(text.text().get()).isEqualTo(before);
        assertThat(text.mistake().get()).isNull();
        assertThat(composer.spec().get()).isNotNull();
    }

    @Test
    void aSettingThatIsRefusedIsPlacedAtItsLine() {
        show(Format.YAML);
        type(text.text().get().replace("p: 2.5", "p: 9"));
        Mistake mistake = Objects.requireNonNull(text.mistake().get());
        assertThat(text.text().get().lines().toList().get(mistake.line() - 1)).contains("p: 9");
        assertThat(mistake.sentence()).contains("objective.stabiliser.p is 9");
        assertThat(text.unread().get()).as("it is in the draft").isNull();
        type(text.text().get().replace("p: 9", "p: 2"));
        assertThat(text.mistake().get()).isNull();
    }

    /// A worker reads; what must not overtake it waits, and what is typed meanwhile counts.
    @Test
    void nothingOvertakesTheLastLetter() {
        show(Format.YAML);
        String whole = text.text().get();
        List<String> started = new ArrayList<>();
        text.type(whole.replace("name: slime", "name: fir"));
        text.type(whole.replace("name: slime", "name: first"));
        text.whenRead(() -> started.add(composer.draft().get().text("name")));
        assertThat(text.isInDraft()).isFalse();
        assertThat(started).isEmpty();
        results.take();
        results.take();
        assertThat(started).containsExactly("first");
        assertThat(text.isInDraft()).isTrue();
        text.whenRead(() -> started.add("at once"));
        assertThat(started).containsExactly("first", "at once");
    }
}
