package dev.slimelab.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import javafx.scene.control.Label;

import org.junit.jupiter.api.Test;

/// Who may know whom in the workbench.
class BoundariesTest {
    private static final JavaClasses APP =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.slimelab.app");

    private static final ArchRule VIEW_MODELS_HAVE_NO_NODES =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("ViewModel")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("javafx.scene..", "javafx.stage..");

    @Test
    void viewModelsImportNoScene() {
        VIEW_MODELS_HAVE_NO_NODES.check(APP);
    }

    /// Planted, so that the rule is known to bite.
    static final class PlantedViewModel {
        final Label label = new Label();
    }

    @Test
    void aViewModelWithANodeIsFound() {
        JavaClasses planted = new ClassFileImporter().importClasses(PlantedViewModel.class);
        assertThatThrownBy(() -> VIEW_MODELS_HAVE_NO_NODES.check(planted))
                .hasMessageContaining("Label");
    }

    @Test
    void viewsTouchNoDiskProcessOrThread() {
        noClasses()
                .that()
                .haveNameMatching(".*View(\\$.*)?")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.util.concurrent..")
                                .or(nameMatching("java\\.io\\.File.*|java\\.nio\\.file\\.Files"))
                                .or(nameMatching("java\\.lang\\.(Process.*|Thread)")))
                .check(APP);
    }

    @Test
    void onlyBackgroundKnowsThreads() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.slimelab.app.background.Background")
                .should()
                .dependOnClassesThat(
                        nameMatching(
                                "java\\.lang\\.Thread|java\\.util\\.concurrent\\..*Executor.*"))
                .orShould()
                .callMethod(javafx.application.Platform.class, "runLater", Runnable.class)
                .check(APP);
    }

    @Test
    void onlyEnginesAndTheFileManagerAreStarted() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.slimelab.app.live.EngineProcess")
                .and()
                .doNotHaveFullyQualifiedName("dev.slimelab.app.library.RunShelf")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .check(APP);
    }

    @Test
    void ofTheEngineOnlyItsPlainPartsAreKnown() {
        classes()
                .that()
                .resideInAPackage("dev.slimelab.app..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAnyPackage("dev.slimelab.engine..", "ai.djl.."))
                                .or(
                                        resideInAnyPackage(
                                                "dev.slimelab.engine.spec",
                                                "dev.slimelab.engine.objective",
                                                "dev.slimelab.engine.parameter",
                                                "dev.slimelab.engine.run",
                                                "dev.slimelab.engine.compare",
                                                "dev.slimelab.engine.queue",
                                                "dev.slimelab.engine.sweep",
                                                "dev.slimelab.engine.file",
                                                "dev.slimelab.engine.problem")))
                .check(APP);
    }

    @Test
    void packagesDependInOneDirection() {
        slices().matching("dev.slimelab.app.(*)..").should().beFreeOfCycles().check(APP);
    }
}
