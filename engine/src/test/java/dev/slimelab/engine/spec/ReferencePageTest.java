package dev.slimelab.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// `docs/objectives.md` and its figures against the records.
///
/// To write them again: `./mvnw -q -B verify -pl engine -Dtest=ReferencePageTest
/// -Dsurefire.failIfNoSpecifiedTests=false -Dapprove=true`, then read the difference.
class ReferencePageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Map<String, String> FILES = ReferencePage.files();

    @BeforeAll
    static void approve() throws IOException {
        if (Boolean.getBoolean("approve")) {
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                Path path = DOCS.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        }
    }

    @Test
    void thePageAndItsFiguresSayWhatTheRecordsSay() {
        assertThat(FILES)
                .allSatisfy(
                        (file, text) ->
                                assertThat(DOCS.resolve(file))
                                        .as("where the change is meant, see ReferencePageTest")
                                        .content()
                                        .isEqualTo(text));
    }

    @Test
    void noFigureIsLeftOfAKindThatIsGone() throws IOException {
        try (Stream<Path> figures = Files.list(DOCS.resolve("images").resolve("objectives"))) {
            assertThat(figures.map(each -> DOCS.relativize(each).toString().replace('\\', '/')))
                    .isSubsetOf(FILES.keySet());
        }
    }
}
