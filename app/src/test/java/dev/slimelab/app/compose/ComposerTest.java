package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.compose.ComposerViewModel.Gesture;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.objective.Regulariser;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.scilab.forge.jlatexmath.TeXFormula;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class ComposerTest {
    private final ComposerViewModel composer = new ComposerViewModel(FakeRuns.spec("slime"));

    @Test
    void everySlotOfAnObjectiveIsOnACard() {
        assertThat(composer.cards().stream().flatMap(List::stream))
                .extracting(node -> node.field().path())
                .containsExactlyElementsOf(
                        Arrays.stream(Objective.class.getRecordComponents())
                                .map(component -> "objective." + component.getName())
                                .toList());
    }

    @Test
    void aTermThatIsSwitchedOffComesBackAsItWas() {
        composer.type(field("objective.stabiliser.p"), "2");
        composer.toggle(field("objective.stabiliser"));
        assertThat(spec().objective().stabiliser()).isNull();
        assertThat(node("objective.stabiliser").below()).isEmpty();
        assertThat(spec().objective().latex()).doesNotContain("softplus");
        composer.toggle(field("objective.stabiliser"));
        assertThat(composer.draft().get().text("objective.stabiliser.p")).isEqualTo("2.0");
    }

    @Test
    void slimesMarginsHaveSwitchesOverTheirNumbers() {
        assertThat(node("objective.contrast.soft").below())
                .extracting(node -> node.field().path())
                .containsExactly("objective.contrast.softMargin", "objective.contrast.kappa");
        composer.toggle(field("objective.contrast.soft"));
        assertThat(composer.draft().get().text("objective.contrast.soft")).isEqualTo("off");
        assertThat(node("objective.contrast.soft").below()).isEmpty();
        composer.toggle(field("objective.contrast.soft"));
        assertThat(composer.draft().get().text("objective.contrast.soft")).isEqualTo("gate");
        assertThat(composer.differsFromPreset()).isFalse();
    }

    /// Of every page: every kind, with all its settings, also where it does not fit the rest.
    @ParameterizedTest
    @MethodSource("pages")
    void everyKindOfEverySlotCanBeChosenAndLeft(String path) {
        for (String kind : field(path).choices()) {
            composer.choose(field(path), kind);
            assertThat(field(path).word(composer.draft().get())).isEqualTo(kind);
            Class<?> type = field(path).kindType(composer.draft().get()).orElseThrow();
            assertThat(flat(node(path).below()))
                    .as(kind)
                    .hasSizeGreaterThanOrEqualTo(type.getRecordComponents().length);
            boolean legal = composer.spec().get() != null;
            assertThat(composer.refusalAt(field(path)).isEmpty()).as(kind).isEqualTo(legal);
            composer.undo();
        }
        assertThat(spec().objective()).isEqualTo(Preset.SLIME.objective());
    }

    static Stream<String> pages() {
        return Arrays.stream(Objective.class.getRecordComponents())
                .filter(component -> component.getType().isSealed())
                .map(component -> "objective." + component.getName());
    }

    @Test
    void theKindOfAValueInsideATermHasItsOwnSettings() {
        composer.choose(Preset.SPO_HINGE);
        composer.choose(field("objective.regulariser.best"), "constant");
        composer.type(field("objective.regulariser.best.value"), "2");
        assertThat(spec().objective().regulariser())
                .isInstanceOfSatisfying(
                        Regulariser.ValuePenalty.class,
                        penalty ->
                                assertThat(penalty.best())
                                        .isEqualTo(new Regulariser.ValuePenalty.Best.Constant(2)));
    }

    @Test
    void partsThatDoNotFitAreRefusedWhereTheyWereChosen() {
        composer.choose(field("objective.transform"), "f-divergence");
        assertThat(composer.spec().get()).isNull();
        assertThat(composer.refusalAt(field("objective.transform")))
                .isEqualTo(
                        "An f-divergence is measured from a reference, and the objective has none."
                                + " Set reference to frozen, or transform to identity.");
        assertThat(composer.refusalAt(field("objective.reduce"))).isEmpty();
        composer.choose(field("objective.reference"), "frozen");
        assertThat(spec().objective().needsReference()).isTrue();
        assertThat(composer.refusalAt(field("objective.reference"))).isEmpty();
    }

    @Test
    void anObjectiveWithoutATermIsRefused() {
        composer.choose(Preset.SFT);
        composer.toggle(field("objective.anchor"));
        assertThat(composer.refusalAt(field("objective.anchor")))
                .startsWith("The objective has no term");
    }

    @Test
    void whatIsRarelyMeantIsSaid() {
        assertThat(composer.warnings()).isEmpty();
        composer.type(field("objective.beta"), "0.1");
        assertThat(composer.warnings()).singleElement().asString().startsWith("β is below 1");
    }

    @Test
    void theMicroscopeDrawsTheTermItselfAndDottedTheOneBefore() {
        Objective start = spec().objective();
        composer.slide(field("objective.contrast.hardMargin"), 0.4, Gesture.CONTINUING);
        composer.slide(field("objective.contrast.hardMargin"), 0.5, Gesture.CONTINUING);
        assertThat(composer.objectiveBefore()).isEqualTo(start);
        Figure figure = LossMicroscope.contrast(composer.objective().get(), start, null).figure();
        assertThat(figure.curves())
                .extracting(Curve::label)
                .containsExactly("loss before", "slope before", "loss", "slope");
        // At z = −4 the hinge is 2 − (−4) = 6 and the gate σ(−2.5 · (−5)) is 1 to five digits.
        assertThat(figure.curves().get(2).series().first()).isCloseTo(6, within(1e-4));
        assertThat(figure.curves().get(3).series().first()).isCloseTo(-1, within(1e-4));
        assertThat(
                        LossMicroscope.stabiliser(composer.objective().get(), start, null)
                                .figure()
                                .curves())
                .extracting(Curve::label)
                .containsExactly("loss", "slope");
    }

    @Test
    void presetsAreFoundByNameIdAndCitation() {
        assertThat(PresetSearch.of("")).containsExactly(Preset.values());
        assertThat(PresetSearch.of("dpo").getFirst()).isEqualTo(Preset.DPO);
        assertThat(PresetSearch.of("alpha-dpo"))
                .containsExactly(Preset.ALPHA_DPO, Preset.ALPHA_DPO_PAPER);
        assertThat(PresetSearch.of("2402.13228")).containsExactly(Preset.DPOP);
        assertThat(PresetSearch.of("trl smoothing")).contains(Preset.CDPO);
        assertThat(PresetSearch.of("no such paper")).isEmpty();
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
    void twoSlidesOfOneSliderAreTwoSteps() {
        FormField weight = field("objective.anchor.weight");
        composer.slide(weight, 0.2, Gesture.CONTINUING);
        composer.slide(weight, 0.3, Gesture.CONTINUING);
        composer.settle();
        composer.slide(weight, 0.4, Gesture.CONTINUING);
        composer.slide(weight, 0.5, Gesture.CONTINUING);
        composer.settle();
        composer.undo();
        assertThat(composer.draft().get().text(weight.path())).isEqualTo("0.6");
        composer.undo();
        assertThat(composer.draft().get().text(weight.path())).isEqualTo("0.1");
    }

    @Test
    void theLettersOfAWordAreOneStep() {
        FormField steps = field("optimization.maxSteps");
        composer.type(steps, "1");
        composer.type(steps, "12");
        composer.settle();
        composer.type(steps, "123");
        composer.undo();
        assertThat(spec().optimization().maxSteps()).isEqualTo(12);
        composer.undo();
        assertThat(spec().optimization().maxSteps()).isEqualTo(160);
    }

    @Test
    void listsAndObjectsAreTypedAsWordsAndJson() {
        composer.choose(composer.adapter(), "lora");
        FormField targets = field("adapter.targets");
        composer.type(targets, "q_proj,  v_proj, ");
        assertThat(((RunSpec.Adapter.Lora) spec().adapter()).targets())
                .containsExactly("q_proj", "v_proj");
        assertThat(composer.draft().get().typed(targets)).isEqualTo("q_proj, v_proj");
        FormField then = field("then");
        composer.type(then, "{\"stage\": ");
        assertThat(composer.complaint(then)).startsWith("Must be an object");
        composer.type(then, "{\"stage\": \"sft\"}");
        assertThat(spec().then()).containsEntry("stage", "sft");
    }

    @Test
    void everySettingOfASpecHasAControl() {
        composer.choose(composer.adapter(), "lora");
        List<String> shown =
                Stream.concat(
                                fields(composer, RunSpec.Data.TINY_LAB),
                                fields(composer, RunSpec.Data.AUTO))
                        .toList();
        assertThat(shown).containsAll(leaves("", RunSpec.class).toList());
    }

    private static Stream<String> fields(ComposerViewModel composer, String data) {
        composer.chooseData(data);
        return FormLayout.all(composer.draft().get()).map(FormField::path);
    }

    /// Every component that is no record itself, sealed pages as a whole.
    private static Stream<String> leaves(String path, Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(
                        component ->
                                component.getType().isRecord()
                                        ? leaves(
                                                path + component.getName() + ".",
                                                component.getType())
                                        : Stream.of(path + component.getName()))
                .filter(leaf -> !leaf.equals("adapter"));
    }

    @Test
    void choicesAreCalledByNamesThatPeopleRead() {
        assertThat(field("objective.contrast").called("dual-margin")).isEqualTo("Dual margin");
        assertThat(field("objective.anchor").called("nll")).isEqualTo("NLL of the chosen");
        assertThat(field("objective.reduce").called("mean")).isEqualTo("Mean over tokens");
        assertThat(fields().filter(FormField::isChosen))
                .allSatisfy(
                        field ->
                                assertThat(field.choices().stream().map(field::called))
                                        .as(field.path())
                                        .doesNotHaveDuplicates()
                                        .allSatisfy(
                                                name ->
                                                        assertThat(name)
                                                                .hasSizeBetween(1, 20)
                                                                .doesNotContain("_")));
    }

    @Test
    void theKindOfAdapterCanBeChangedAndChangedBack() {
        composer.choose(composer.adapter(), "lora");
        composer.type(field("adapter.r"), "16");
        composer.choose(composer.adapter(), "full");
        assertThat(spec().adapter()).isInstanceOf(RunSpec.Adapter.Full.class);
        composer.choose(composer.adapter(), "lora");
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
        assertThat(composer.preset().get()).isEqualTo(preset);
        assertThat(Equations.of(preset.objective()))
                .isNotEmpty()
                .allSatisfy(equation -> new TeXFormula(equation));
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
    void theInspectorShowsWhatTellsRunsApart() throws InterruptedException {
        Background background = new Background(Runnable::run);
        InspectorViewModel inspector = new InspectorViewModel(background, _ -> {});
        CountDownLatch shown = new CountDownLatch(1);
        inspector.content().subscribe((_, _) -> shown.countDown());
        inspector.show(
                List.of(
                        new InspectorViewModel.Inspected("a", FakeRuns.spec("slime")),
                        new InspectorViewModel.Inspected("b", FakeRuns.spec("dpo")),
                        new InspectorViewModel.Inspected("c", FakeRuns.spec("slime"))));
        assertThat(shown.await(10, TimeUnit.SECONDS)).isTrue();
        background.close();
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

    private FormNode node(String path) {
        return nodes().filter(node -> node.field().path().equals(path)).findFirst().orElseThrow();
    }

    private Stream<FormNode> nodes() {
        return flat(composer.cards().stream().flatMap(List::stream).toList()).stream();
    }

    /// Nodes with all that is below them.
    private static List<FormNode> flat(List<FormNode> nodes) {
        return nodes.stream()
                .flatMap(node -> Stream.concat(Stream.of(node), flat(node.below()).stream()))
                .toList();
    }

    private Stream<FormField> fields() {
        return Stream.concat(
                nodes().map(FormNode::field),
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
