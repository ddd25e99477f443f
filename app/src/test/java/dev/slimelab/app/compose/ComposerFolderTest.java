package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.compose.ComposerFolder.Left;
import dev.slimelab.app.compose.ComposerFolder.Template;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.parameter.Parameter.Place;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.spec.SpecText.Format;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ComposerFolderTest {
    private final ObjectNode slime = SpecJson.toTree(FakeRuns.spec("slime"));
    @TempDir private Path place;
    private ComposerFolder folder = new ComposerFolder(Path.of(""), Path.of(""), 1);

    @BeforeEach
    void begin() {
        folder = new ComposerFolder(place.resolve("own"), place.resolve("built-in"), 1);
    }

    @Test
    void aDraftComesBackWithTheTextThatCouldNotBeRead() throws Exception {
        assertThat(folder.left()).isNull();
        Left left = new Left(slime, "name: [", Format.YAML);
        folder.leave(left);
        assertThat(String.valueOf(folder.left())).isEqualTo(left.toString());
        Files.writeString(place.resolve("own/draft.json"), "{");
        assertThat(folder.left()).as("damaged").isNull();
    }

    @Test
    void templatesAreKeptChosenAndDeleted() throws Exception {
        Files.createDirectories(place.resolve("built-in"));
        Files.writeString(
                place.resolve("built-in/dpo.yaml"),
                "name: dpo\nmodel: {path: tiny}\ndata: {format: tiny-lab}\nobjective: dpo\n");
        ObjectNode unfinished = slime.deepCopy();
        unfinished.putNull("model");
        Template mine = folder.keep("My own almost", unfinished);
        assertThat(folder.templates())
                .extracting(Template::name)
                .containsExactly("My own almost", "dpo");
        assertThat(folder.open(mine)).hasToString(unfinished.toString());
        assertThat(folder.open(folder.templates().getLast()).at("/model/path").stringValue())
                .isEqualTo(place.resolve("built-in/tiny").toString());
        folder.delete(mine);
        assertThat(folder.templates()).extracting(Template::own).containsExactly(false);
        assertThatThrownBy(() -> folder.keep("../escape", slime)).isInstanceOf(Problem.class);
    }

    @Test
    void theTemplatesThatComeWithSlimeLabAreWholeSpecs() {
        ComposerFolder shipped = new ComposerFolder(place, Path.of("../assets/specs"), 1);
        assertThat(shipped.templates())
                .isNotEmpty()
                .allSatisfy(
                        template ->
                                assertThat(
                                                Path.of(
                                                        SpecJson.fromTree(shipped.open(template))
                                                                .model()
                                                                .path()))
                                        .as(template.name())
                                        .isDirectory());
    }

    @Test
    void thePlacesUsedLastComeFirst() {
        for (int i = 0; i < 10; i++) {
            folder.remember(Place.FOLDER, "model-" + i);
        }
        assertThat(folder.remember(Place.FOLDER, "model-4"))
                .hasSize(8)
                .startsWith("model-4", "model-9", "model-8")
                .isEqualTo(folder.recent(Place.FOLDER));
        assertThat(folder.recent(Place.FILE)).isEmpty();
    }

    @Test
    void scoresAreFoundUntilAFileChangesAndWhateverTheObjectiveIs() throws Exception {
        Path data = place.resolve("pairs.jsonl");
        Files.writeString(data, "{}\n");
        List<String> changes = List.of("data={\"path\":\"" + data + "\"}");
        Identity identity = Identity.of(SpecJson.changed(FakeRuns.spec("slime"), changes));
        PairScores scores =
                new PairScores(
                        List.of(0), 1, new PairLogps(new double[][] {{-1}}, new double[][] {{-2}}));
        assertThat(folder.scores(identity)).isNull();
        folder.keep(identity, scores);
        Identity other = Identity.of(SpecJson.changed(FakeRuns.spec("simpo"), changes));
        PairScores found = java.util.Objects.requireNonNull(folder.scores(other));
        assertThat(found.json()).isEqualTo(scores.json());
        Files.writeString(data, "{}\n{}\n");
        assertThat(folder.scores(other)).isNull();
    }
}
