package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.compose.ComposerViewModel.Gesture;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

class ComposerTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));

    @Test
    void slimeHasACardForEachOfItsFourTerms() {
        assertThat(composer.terms())
                .extracting(TermCard::title)
                .containsExactly("Anchor", "Stabiliser", "Hard margin", "Soft margin");
        assertThat(composer.terms()).allMatch(TermCard::on);
    }

    @Test
    void aTermThatIsSwitchedOffComesBackAsItWas() {
        FormField p = field("objective.stabiliser.p");
        composer.type(p, "2");
        composer.toggle(card("Stabiliser"));
        assertThat(spec().objective().stabiliser()).isNull();
        assertThat(card("Stabiliser").fields()).isEmpty();
        assertThat(composer.latex().get()).doesNotContain("softplus");
        composer.toggle(card("Stabiliser"));
        assertThat(composer.draft().get().text("objective.stabiliser.p")).isEqualTo("2.0");
    }

    @Test
    void aFactorOfTheMarginIsSwitchedOffByItsWord() {
        composer.toggle(card("Soft margin"));
        assertThat(composer.draft().get().text("objective.contrast.soft")).isEqualTo("off");
        composer.toggle(card("Soft margin"));
        assertThat(composer.draft().get().text("objective.contrast.soft")).isEqualTo("gate");
        assertThat(composer.differsFromPreset()).isFalse();
    }

    @Test
    void aPresetReplacesTheObjectiveAndAnUntouchedName() {
        composer.choose(Preset.DPO);
        assertThat(spec().objective()).isEqualTo(Preset.DPO.objective());
        assertThat(spec().name()).isEqualTo("dpo");
        composer.type(composer.name(), "mine");
        composer.choose(Preset.SIMPO);
        assertThat(spec().name()).isEqualTo("mine");
    }

    @Test
    void anIllegalValueIsShownWhereItIsAndCannotBeStarted() {
        FormField rate = field("optimization.learningRate");
        composer.type(rate, "-1");
        assertThat(composer.spec().get()).isNull();
        assertThat(composer.complaint(rate)).isEqualTo("Must be greater than 0.");
        composer.type(rate, "fast");
        assertThat(composer.complaint(rate)).isEqualTo("Must be a number.");
        composer.type(rate, "3e-4");
        assertThat(composer.complaint(rate)).isEmpty();
        assertThat(spec().optimization().learningRate()).isEqualTo(3e-4);
    }

    @Test
    void anOptionalSettingCanBeLeftEmpty() {
        composer.type(field("optimization.maxSteps"), "");
        assertThat(spec().optimization().maxSteps()).isNull();
    }

    @Test
    void aSlideIsOneStepBack() {
        FormField weight = field("objective.anchor.weight");
        composer.slide(weight, 0.2, Gesture.CONTINUING);
        composer.slide(weight, 0.4, Gesture.CONTINUING);
        composer.slide(weight, 0.5, Gesture.DONE);
        assertThat(composer.draft().get().text(weight.path())).isEqualTo("1.0");
        composer.undo();
        assertThat(composer.draft().get().text(weight.path())).isEqualTo("0.1");
        composer.redo();
        assertThat(composer.draft().get().text(weight.path())).isEqualTo("1.0");
    }

    @Test
    void theKindOfAdapterCanBeChangedAndChangedBack() {
        composer.chooseKind("adapter", "lora");
        composer.type(field("adapter.r"), "16");
        composer.chooseKind("adapter", "full");
        assertThat(spec().adapter()).isInstanceOf(RunSpec.Adapter.Full.class);
        composer.chooseKind("adapter", "lora");
        assertThat(composer.draft().get().text("adapter.r")).isEqualTo("16");
    }

    @Test
    void dataComesFromTheBuiltInCorpusOrAFile() {
        composer.chooseData("auto");
        assertThat(spec().data().path()).isEqualTo("pairs.jsonl");
        composer.chooseData(RunSpec.Data.TINY_LAB);
        assertThat(spec().data().isTinyLab()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetFillsAFormAndSurvivesJson(Preset preset) {
        composer.choose(preset);
        assertThat(composer.problem().get()).isNull();
        assertThat(SpecJson.fromTree(composer.draft().get().tree()).objective())
                .isEqualTo(preset.objective());
        assertThat(composer.terms()).isNotEmpty();
        assertThat(FormulaView.lines(preset.objective().latex())).isNotEmpty();
    }

    @Test
    void everyFieldHasANameHelpAndASliderThatComesBack() {
        for (FormField field : fields().toList()) {
            assertThat(field.parameter().label()).as(field.path()).isNotEmpty();
            assertThat(field.help()).as(field.path()).contains(field.path());
            if (field.hasSlider()) {
                double middle = field.valueAt(0.5);
                double grain = field.kind() == FormField.Kind.WHOLE_NUMBER ? 0.5 : 0.06;
                assertThat(field.position(middle)).as(field.path()).isCloseTo(0.5, within(grain));
            }
        }
    }

    @Test
    void aLongFormulaIsCutBetweenItsTerms() {
        assertThat(
                        FormulaView.lines(
                                "\\lambda_d\\,\\max(0,\\,m_h-z)-\\lambda_w\\,\\bar{\\ell}_w+x^{a-b}"))
                .containsExactly(
                        "\\lambda_d\\,\\max(0,\\,m_h-z)",
                        "-\\lambda_w\\,\\bar{\\ell}_w",
                        "+x^{a-b}");
        assertThat(FormulaView.lines("-\\log\\sigma(z)")).containsExactly("-\\log\\sigma(z)");
    }

    @Test
    void theInspectorShowsWhatTellsRunsApart() {
        InspectorViewModel inspector = new InspectorViewModel();
        inspector.show(
                List.of(
                        new InspectorViewModel.Inspected("a", FakeRuns.spec("slime")),
                        new InspectorViewModel.Inspected("b", FakeRuns.spec("dpo")),
                        new InspectorViewModel.Inspected("c", FakeRuns.spec("slime"))));
        assertThat(inspector.content().get().groups())
                .singleElement()
                .satisfies(
                        group -> {
                            assertThat(group.title()).isEqualTo("Objective");
                            assertThat(group.lines())
                                    .extracting(line -> line.label() + ": " + line.value())
                                    .containsExactly("SLIME: a, c", "DPO: b");
                        });
    }

    private RunSpec spec() {
        return Objects.requireNonNull(composer.spec().get());
    }

    private TermCard card(String title) {
        return composer.terms().stream()
                .filter(card -> card.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private Stream<FormField> fields() {
        return Stream.concat(
                composer.terms().stream().flatMap(card -> card.fields().stream()),
                composer.sections().stream()
                        .flatMap(
                                section ->
                                        Stream.concat(
                                                section.fields().stream(),
                                                section.more().stream())));
    }

    private FormField field(String path) {
        return fields().filter(field -> field.path().equals(path)).findFirst().orElseThrow();
    }
}
