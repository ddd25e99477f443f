package dev.slimelab.engine.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

class DataBoundaryTest {
    @Test
    void dataKnowsProblemsJsonAndTheTokenizerLibraryAndNothingElse() {
        var production =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.slimelab.engine.data");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "tools.jackson..",
                        "ai.djl.huggingface.tokenizers",
                        "dev.slimelab.engine.data",
                        "dev.slimelab.engine.file",
                        "dev.slimelab.engine.problem")
                .check(production);
    }
}
