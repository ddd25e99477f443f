package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.compose.SpecTextViewModel.Mistake;
import dev.slimelab.engine.spec.SpecText.Format;

import org.junit.jupiter.api.Test;

import java.util.Objects;

class SpecTextViewModelTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));
    private final SpecTextViewModel text = new SpecTextViewModel(composer);

    @Test
    void theTextFollowsTheDraftInBothFormats() {
        text.show(Format.YAML);
        assertThat(text.text().get()).contains("name: slime\n");
        composer.put("name", Draft.word("other"));
        assertThat(text.text().get()).contains("name: other\n");
        text.show(Format.JSON);
        assertThat(text.text().get()).contains("\"name\" : \"other\"");
    }

    @Test
    void whatIsTypedIsInTheDraftAndStaysAsItWasTyped() {
        text.show(Format.YAML);
        String typed = text.text().get().replace("name: slime", "name:   mine # so far");
        text.type(typed);
        assertThat(composer.draft().get().text("name")).isEqualTo("mine");
        assertThat(text.text().get()).isEqualTo(typed);
        composer.undo();
        assertThat(composer.draft().get().text("name")).isEqualTo("slime");
        assertThat(text.text().get()).contains("name: slime\n");
    }

    @Test
    void textThatCannotBeReadIsKeptAndKeepsTheDraftFromStarting() {
        text.show(Format.JSON);
        String whole = text.text().get();
        text.type(whole.replaceFirst(",", ""));
        Mistake mistake = Objects.requireNonNull(text.unread().get());
        assertThat(mistake.line()).isEqualTo(3);
        assertThat(mistake.sentence()).startsWith("Line 3: The text is not JSON");
        assertThat(composer.spec().get()).isNull();
        text.show(Format.YAML);
        assertThat(text.text().get()).as("not thrown away").isNotEqualTo(whole).startsWith("{");

        text.type(whole);
        assertThat(text.unread().get()).isNull();
        assertThat(composer.spec().get()).isNotNull();
    }

    @Test
    void textThatCannotBeReadCanBeDiscarded() {
        text.show(Format.YAML);
        String before = text.text().get();
        text.type(before + "device: [");
        text.discard();
        assertThat(text.text().get()).isEqualTo(before);
        assertThat(text.mistake().get()).isNull();
        assertThat(composer.spec().get()).isNotNull();
    }

    @Test
    void aSettingThatIsRefusedIsPlacedAtItsLine() {
        text.show(Format.YAML);
        text.type(text.text().get().replace("p: 2.5", "p: 9"));
        Mistake mistake = Objects.requireNonNull(text.mistake().get());
        assertThat(text.text().get().lines().toList().get(mistake.line() - 1)).contains("p: 9");
        assertThat(mistake.sentence()).contains("objective.stabiliser.p is 9");
        assertThat(text.unread().get()).as("it is in the draft").isNull();
        text.type(text.text().get().replace("p: 9", "p: 2"));
        assertThat(text.mistake().get()).isNull();
    }
}
