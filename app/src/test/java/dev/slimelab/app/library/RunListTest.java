package dev.slimelab.app.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.objective.Anchor;
import dev.slimelab.engine.objective.Composition;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class RunListTest {
    @TempDir private Path folder;

    private RunLibrary library = new RunLibrary(Path.of("."), Path.of("."), Clock.systemUTC());

    @BeforeEach
    void makeLibrary() {
        library =
                new RunLibrary(
                        folder.resolve("runs"), folder.resolve("samples"), Clock.systemUTC());
    }

    @Test
    void ownRunsStandBeforeSamplesAndTheLatestFirst() throws IOException {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunDirectory old = FakeRuns.begin(folder.resolve("runs/older"), FakeRuns.spec("slime"));
        RunDirectory young = FakeRuns.begin(folder.resolve("runs/younger"), FakeRuns.spec("slime"));
        touch(old.spec(), Instant.now().minusSeconds(60));
        touch(young.spec(), Instant.now());
        assertThat(library.scan())
                .extracting(RunEntry::name)
                .startsWith("younger", "older")
                .endsWith("slime", "slime-no-stabiliser");
    }

    @Test
    void anEngineWhoseProcessIsGoneIsLost() {
        RunDirectory run =
                FakeRuns.at(folder.resolve("runs/gone"), FakeRuns.spec("slime"), State.TRAINING, 5);
        assertThat(library.scan().getFirst().phase()).isEqualTo(RunPhase.TRAINING);
        new RunStatus(
                        State.TRAINING,
                        5,
                        160,
                        0,
                        null,
                        Long.MAX_VALUE,
                        RunStatus.localHost(),
                        Instant.now(),
                        null)
                .write(run.status());
        assertThat(library.scan().getFirst().phase()).isEqualTo(RunPhase.LOST);
    }

    @Test
    void anEngineThatEndedWithoutAWordHasFailed() throws IOException {
        RunDirectory run = FakeRuns.begin(folder.resolve("runs/silent"), FakeRuns.spec("slime"));
        assertThat(library.scan().getFirst().phase()).isEqualTo(RunPhase.STARTING);
        Files.writeString(RunLibrary.pid(run), Long.MAX_VALUE + "\n");
        assertThat(library.scan().getFirst().phase()).isEqualTo(RunPhase.FAILED);
    }

    @Test
    void aRequestThatNoEngineTookUpIsLostInTheEnd() throws IOException {
        RunDirectory run = FakeRuns.begin(folder.resolve("runs/silent"), FakeRuns.spec("slime"));
        touch(run.spec(), Instant.now().minus(RunLibrary.PATIENCE).minus(Duration.ofSeconds(1)));
        assertThat(library.scan().getFirst().phase()).isEqualTo(RunPhase.LOST);
    }

    @Test
    void aSpecThatNoEngineWasGivenIsNotStarted() throws IOException {
        Path draft = Files.createDirectories(folder.resolve("samples/draft"));
        Files.writeString(draft.resolve("spec.json"), SpecJson.text(FakeRuns.spec("slime")));
        RunEntry entry = library.scan().getFirst();
        assertThat(entry.phase()).isEqualTo(RunPhase.NOT_STARTED);
        assertThat(ListRow.Run.of(entry, Hue.BLUE, false).state()).isEqualTo("not started");
    }

    @Test
    void aRunWithDamagedSettingsIsListedAndExplained() throws IOException {
        RunDirectory run = FakeRuns.begin(folder.resolve("runs/damaged"), FakeRuns.spec("slime"));
        Files.writeString(run.spec(), "{ \"nam\": 1 }");
        RunEntry entry = library.scan().getFirst();
        assertThat(entry.spec()).isNull();
        assertThat(entry.specProblem()).contains("nam");
    }

    @Test
    void aClickShowsARunAloneAndItsDotAddsOthers() {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunListViewModel list = new RunListViewModel();
        list.update(library.scan());
        Path dpo = folder.resolve("samples/dpo").toAbsolutePath();
        Path slime = folder.resolve("samples/slime").toAbsolutePath();
        list.showAlone(dpo);
        list.toggleShown(slime);
        assertThat(list.shown().get()).containsExactly(dpo, slime);
        assertThat(list.selected().get()).isEqualTo(slime);
        list.toggleShown(slime);
        assertThat(list.shown().get()).containsExactly(dpo);
        assertThat(list.selected().get()).isEqualTo(dpo);
    }

    @Test
    void theFilterLooksAtNameObjectiveAndState() {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunListViewModel list = new RunListViewModel();
        list.update(library.scan());
        list.filter().set("stabil");
        assertThat(list.rows()).extracting(ListRow::name).containsExactly("slime-no-stabiliser");
        list.filter().set("SimPO");
        assertThat(list.rows()).extracting(ListRow::name).containsExactly("simpo");
        list.filter().set("nothing like it");
        assertThat(list.rows()).isEmpty();
    }

    @Test
    void theRunsOfAGridAreFoldedAwayBelowItsName() throws IOException {
        FakeRuns.writeSamples(folder.resolve("samples"));
        Path grid = folder.resolve("runs/table5").toAbsolutePath();
        for (String name : List.of("p1", "p2")) {
            FakeRuns.status(
                    FakeRuns.begin(grid.resolve(name), FakeRuns.spec("slime")),
                    State.FINISHED,
                    160,
                    null);
        }
        Files.writeString(grid.resolve("sweep.json"), "{}");
        RunListViewModel list = new RunListViewModel();
        list.update(library.scan());
        assertThat(list.entries()).extracting(RunEntry::grid).startsWith("table5", "table5", "");
        ListRow head = list.rows().getFirst();
        assertThat(head.name() + ", " + head.detail() + ", " + head.state())
                .isEqualTo("table5, grid of 2 runs, done");
        assertThat(list.rows()).hasSize(1 + FakeRuns.SAMPLES.size());

        list.move(1);
        assertThat(list.current().get()).isEqualTo(grid);
        assertThat(list.shown().get()).isEmpty();
        list.foldHere(false);
        assertThat(list.rows()).hasSize(3 + FakeRuns.SAMPLES.size());
        list.move(1);
        assertThat(list.shown().get()).hasSize(1).allMatch(run -> run.startsWith(grid));
        list.foldHere(true);
        assertThat(list.rows()).hasSize(1 + FakeRuns.SAMPLES.size());

        list.filter().set("table5 p2");
        assertThat(list.rows()).extracting(ListRow::name).containsExactly("table5", "p2");
        list.filter().set("");
        for (String run : List.of("p1", "p1")) { // again while it is on the charts
            list.showAlone(grid.resolve(run));
            assertThat(list.rows()).extracting(ListRow::name).contains("p1", "p2");
            assertThat(list.current().get()).isEqualTo(grid.resolve(run));
            list.foldHere(true);
            assertThat(list.rows()).extracting(ListRow::name).doesNotContain("p1", "p2");
        }
    }

    @Test
    void aRunKeepsItsHueWhenOthersAppear() {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunListViewModel list = new RunListViewModel();
        list.update(library.scan());
        Path slime = folder.resolve("samples/slime").toAbsolutePath();
        var before = list.hue(slime);
        FakeRuns.begin(folder.resolve("runs/another"), FakeRuns.spec("slime"));
        list.update(library.scan());
        assertThat(list.hue(slime)).isEqualTo(before);
    }

    @Test
    void aRunThatIsDeletedLeavesTheCharts() {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunListViewModel list = new RunListViewModel();
        list.update(library.scan());
        list.showAlone(folder.resolve("samples/slime").toAbsolutePath());
        list.update(List.of());
        assertThat(list.shown().get()).isEmpty();
        assertThat(list.selected().get()).isNull();
    }

    @Test
    void anObjectiveIsNamedByWhatDiffersFromItsPreset() {
        assertThat(ObjectiveName.of(FakeRuns.spec("slime").objective())).isEqualTo("SLIME");
        assertThat(ObjectiveName.of(FakeRuns.spec("slime-no-stabiliser").objective()))
                .isEqualTo("SLIME without stabiliser");
        Objective squared =
                Composition.of(Preset.DPO.objective())
                        .contrast(new Contrast.Squared(1, 5))
                        .anchor(new Anchor.Nll(1, Anchor.Nll.Average.SUM))
                        .build();
        assertThat(ObjectiveName.of(squared)).isEqualTo("DPO, contrast squared, with anchor");
    }

    private static void touch(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(time));
    }
}
