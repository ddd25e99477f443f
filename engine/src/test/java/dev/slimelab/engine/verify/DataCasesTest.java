package dev.slimelab.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.SharedFolder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Every file, malformed file and tokenised row of the shared data.
class DataCasesTest {
    @Test
    void everySharedFileIsReadTokenisedAndJudgedAsTheReferenceSays() {
        List<Outcome> outcomes = new ArrayList<>();
        new DataCases(SharedFolder.path("data"), new Selection(List.of()), outcomes::add).run();
        assertThat(outcomes).hasSize(14 + 43 + 30 + 9);
        assertThat(outcomes).allMatch(Outcome::passed, "passes");
    }

    @Test
    void aChangedExpectationFails(@TempDir Path folder) throws Exception {
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Files.copy(SharedFolder.path("data/bad/bom.csv"), bad.resolve("bom.csv"));
        Files.writeString(folder.resolve("expected.json"), "{\"files\": {}}");
        Files.writeString(
                bad.resolve("expected_errors.json"),
                """
                {"files": {"bom.csv": {"accept": true, "good_rows": [1], "errors": [],
                  "warnings": [{"row": 2, "code": "tie"}]}}}
                """);
        List<Outcome> outcomes = new ArrayList<>();
        new DataCases(folder, new Selection(List.of("data/bad")), outcomes::add).run();
        assertThat(outcomes).singleElement().extracting(Outcome::error).isEqualTo(2.0);
    }
}
