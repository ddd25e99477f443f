package dev.slimelab.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// Who may know whom in the engine.
class BoundariesTest {
    private static final String ENGINE = "dev.slimelab.engine";

    private static final JavaClasses PRODUCTION =
            new ClassFileImporter().importPath(Path.of("target", "classes"));

    /// The whole map. A package that is not listed may not exist; a new arrow is a decision.
    @ParameterizedTest(name = "{0} knows {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "nothing",
            value = {
                "problem   | nothing",
                "random    | nothing",
                "parameter | problem",
                "file      | problem",
                "objective | parameter problem random",
                "device    | file parameter problem",
                "spec      | device objective parameter problem",
                "run       | spec file parameter problem",
                "kernel    | device problem",
                "data      | data.jinja file problem",
                "data.jinja | problem",
                "tinylab   | file problem random",
                "model     | kernel file problem random",
                "generate  | model kernel problem random data",
                "train     | device data model objective generate kernel spec run tinylab file problem random parameter",
                "verify    | device train generate model objective kernel spec parameter problem data file",
                "serve     | generate data problem",
                "compare   | objective parameter problem random run spec",
                "queue     | device file parameter problem run spec",
                "sweep     | compare file parameter problem queue random run spec",
            })
    void aPackageKnowsOnly(String one, String others) {
        String[] allowed =
                Stream.concat(
                                Stream.of(one),
                                Stream.ofNullable(others).flatMap(o -> Arrays.stream(o.split(" "))))
                        .map(BoundariesTest::named)
                        .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(named(one))
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are in " + String.join(", ", allowed) + " or not ours",
                                used ->
                                        !used.getPackageName().startsWith(ENGINE)
                                                || Arrays.asList(allowed)
                                                        .contains(used.getPackageName())))
                .check(PRODUCTION);
    }

    @Test
    void thereAreNoOtherPackages() {
        assertThat(
                        PRODUCTION.getPackage(ENGINE).getSubpackages().stream()
                                .map(JavaPackage::getRelativeName))
                .containsExactlyInAnyOrder(
                        "problem",
                        "random",
                        "parameter",
                        "file",
                        "device",
                        "objective",
                        "spec",
                        "run",
                        "kernel",
                        "data",
                        "tinylab",
                        "model",
                        "generate",
                        "serve",
                        "train",
                        "verify",
                        "compare",
                        "queue",
                        "sweep");
    }

    @Test
    void packagesDependInOneDirection() {
        slices().matching(ENGINE + ".(*)..").should().beFreeOfCycles().check(PRODUCTION);
    }

    @Test
    void theEngineHasNoWindow() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "java.awt..", "javax.swing..")
                .check(PRODUCTION);
    }

    /// The workbench runs these without DJL on its class path.
    @Test
    void whatTheWorkbenchUsesImportsNoTensors() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        named("objective"),
                        named("spec"),
                        named("run"),
                        named("compare"),
                        named("queue"),
                        named("sweep"),
                        named("parameter"),
                        named("problem"),
                        named("file"),
                        named("device"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(PRODUCTION);
    }

    @Test
    void objectivesAreArithmeticAndTouchNoDisk() {
        noClasses()
                .that()
                .resideInAPackage(named("objective"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.lang.foreign..")
                .check(PRODUCTION);
    }

    @Test
    void dataUsesItsFileFormatsAndTheTokenizerLibraryAndNothingElse() {
        classes()
                .that()
                .resideInAPackage(named("data"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "tools.jackson..",
                        "ai.djl.huggingface.tokenizers..",
                        "org.apache.parquet..",
                        "com.github.luben.zstd",
                        "org.xerial.snappy",
                        "de.siegmar.fastcsv.reader",
                        ENGINE + "..")
                .check(PRODUCTION);
    }

    @Test
    void onlyTheKernelTouchesDjlsPyTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackages(named("kernel"), "ai.djl.pytorch.jni")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(PRODUCTION);
    }

    /// So that what goes between host and device is counted, and tensors lie on the right one.
    @Test
    void onlyTheKernelMovesNumbersBetweenHostAndDevice() {
        noClasses()
                .that()
                .resideOutsideOfPackage(named("kernel"))
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "makes a tensor from numbers, or reads one",
                                call ->
                                        call.getTargetOwner()
                                                        .getPackageName()
                                                        .equals("ai.djl.ndarray")
                                                && call.getName()
                                                        .matches(
                                                                "create|to.*Array|to.*Buffer|get(Double|Float|Long|Int)|toDevice")))
                .check(PRODUCTION);
    }

    /// Training brings the three together, and `verify` compares them with other libraries. A model
    /// that writes needs the tokenizer too.
    @ParameterizedTest
    @CsvSource({"data, model", "data, objective", "model, objective"})
    void dataModelAndObjectiveMeetOnlyInTraining(String one, String other) {
        noClasses()
                .that(know(named(one)))
                .and()
                .resideOutsideOfPackages(named("train"), named("verify"), named("generate"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(named(other))
                .check(PRODUCTION);
        noClasses()
                .that()
                .resideInAPackage(named(other))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(named(one))
                .check(PRODUCTION);
    }

    @Test
    void onlyCommandsWriteToStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE)
                .should(ACCESS_STANDARD_STREAMS)
                .check(PRODUCTION);
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        assertThat(
                        PRODUCTION.stream()
                                .map(JavaClass::getPackage)
                                .distinct()
                                .filter(each -> !each.isAnnotatedWith(NullMarked.class)))
                .isEmpty();
    }

    private static String named(String name) {
        return ENGINE + "." + name;
    }

    private static DescribedPredicate<JavaClass> know(String name) {
        return DescribedPredicate.describe(
                "know " + name,
                each ->
                        each.getPackageName().equals(name)
                                || each.getDirectDependenciesFromSelf().stream()
                                        .anyMatch(
                                                used ->
                                                        used.getTargetClass()
                                                                .getPackageName()
                                                                .equals(name)));
    }
}
