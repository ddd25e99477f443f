package dev.slimelab.app.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What the library knows of runs, keeps, and does to them.
class LibraryTest {
    private static final FakeRuns.Course COURSE = new FakeRuns.Course(-0.1, -0.5, 8, 7);

    @TempDir private Path folder;

    private RunLibrary library() {
        return new RunLibrary(folder.resolve("runs"), folder.resolve("samples"), Clock.systemUTC());
    }

    private Path finished(String name) {
        Path run = folder.resolve("runs").resolve(name);
        FakeRuns.finished(run, FakeRuns.spec("slime"), COURSE);
        return run;
    }

    private RunEntry only() {
        return library().scan().getFirst();
    }

    @Test
    void factsAreTheSettingsTheLastMetricsAndTheEnvironment() throws IOException {
        Path run = finished("one");
        Files.writeString(run.resolve("environment.json"), "{\"device\": \"cpu\", \"cores\": 2}");
        RunFacts facts = only().facts();
        assertThat(facts.objective()).isEqualTo("SLIME");
        assertThat(facts.settings()).containsEntry("optimization.learningRate", Value.of(3e-4));
        assertThat(facts.metrics()).containsKeys("loss", "logps_delta/chosen", "score/greedy");
        assertThat(facts.environment()).containsEntry("cores", Value.of(2));
    }

    @Test
    void theIndexGivesWhatTheFoldersGave() throws IOException {
        for (int i = 0; i < 60; i++) {
            finished(i < 58 ? "run-" + i : "grid/run-" + i);
        }
        Files.writeString(folder.resolve("runs/grid/sweep.json"), "{}");
        List<RunEntry> read = library().scan();
        assertThat(RunIndex.file(folder.resolve("runs"))).exists();
        RunLibrary library = library();
        List<RunEntry> remembered = library.scan();
        assertThat(remembered).filteredOn(run -> run.grid().equals("grid")).hasSize(2);
        assertThat(remembered).as("listed at once").extracting(RunEntry::spec).containsOnlyNulls();
        assertThat(remembered).extracting(RunEntry::facts).isEqualTo(factsOf(read));
        assertThat(remembered).extracting(RunEntry::phase).containsOnly(RunPhase.FINISHED);
        assertThat(library.isComplete()).isTrue();
    }

    @Test
    void theSpecOfARunThatTheIndexKnowsIsReadWhereTheRunIsWanted() throws IOException {
        for (int i = 0; i < 60; i++) {
            finished("run-" + i);
        }
        library().scan();
        Path wanted = folder.resolve("runs/run-7");
        Path changed = folder.resolve("runs/run-8");
        RunDirectory run = new RunDirectory(changed);
        RunDirectory.replace(run.spec(), Files.readString(run.spec()).replace("3.0E-4", "5.0E-4"));
        RunLibrary library = library();
        library.scan(Set.of(wanted), Duration.ofDays(1));
        List<RunEntry> runs = library.scan(Set.of(wanted), Duration.ofDays(1));
        assertThat(runs)
                .filteredOn(entry -> entry.spec() != null)
                .extracting(RunEntry::id)
                .containsExactlyInAnyOrder(wanted, changed);
        assertThat(runs)
                .filteredOn(entry -> entry.id().equals(changed))
                .extracting(entry -> entry.facts().settings().get("optimization.learningRate"))
                .containsExactly(Value.of(5e-4));
    }

    private static List<RunFacts> factsOf(List<RunEntry> runs) {
        return runs.stream().map(RunEntry::facts).toList();
    }

    @Test
    void aTurnWithoutTimeListsRunsAndTheNextOnesReadThem() {
        Path wanted = finished("wanted");
        finished("later");
        RunLibrary library = library();
        List<RunEntry> first = library.scan(Set.of(wanted), Duration.ZERO);
        assertThat(first).hasSize(2);
        assertThat(library.isComplete()).isFalse();
        assertThat(first)
                .filteredOn(run -> run.spec() != null)
                .extracting(RunEntry::name)
                .containsExactly("wanted");
        assertThat(library.scan(Set.of(), Duration.ofDays(1))).noneMatch(run -> run.spec() == null);
        assertThat(library.isComplete()).isTrue();
    }

    @Test
    void notesStayWithTheRun() {
        finished("one");
        RunShelf.note(
                only(),
                notes -> notes.withTags("good, seed-1 good").withNote(" keep ").withArchived(true));
        RunNotes notes = only().notes();
        assertThat(notes.tags()).containsExactly("good", "seed-1");
        assertThat(notes.note()).isEqualTo("keep");
        assertThat(notes.archived()).isTrue();
    }

    @Test
    void aDeletedRunCanBePutBack() {
        Path run = finished("one");
        RunShelf.Moved moved = RunShelf.toTrash(only());
        assertThat(run).doesNotExist();
        assertThat(library().scan()).isEmpty();
        finished("one");
        RunShelf.Moved again = RunShelf.toTrash(only());
        assertThat(again.to()).isNotEqualTo(moved.to());
        RunShelf.putBack(moved);
        assertThat(only().name()).isEqualTo("one");
        assertThatThrownBy(() -> RunShelf.putBack(again)).hasMessageContaining("is there again");
    }

    @Test
    void aRunThatTrainsIsNeverDeleted() throws IOException {
        Path training = folder.resolve("runs/training");
        FakeRuns.at(training, FakeRuns.spec("slime"), State.TRAINING, 5);
        RunEntry entry = only();
        assertThatThrownBy(() -> RunShelf.toTrash(entry)).isInstanceOf(Problem.class);
        RunEntry finished = library().scan().getFirst();
        Path quiet = finished("quiet");
        RunEntry locked =
                library().scan().stream()
                        .filter(run -> run.name().equals("quiet"))
                        .findFirst()
                        .orElse(finished);
        try (HeldFile _ = new RunDirectory(quiet).lock()) {
            assertThatThrownBy(() -> RunShelf.toTrash(locked)).hasMessageContaining("trained");
        }
        assertThat(training).exists();
        assertThat(quiet).exists();
    }

    @Test
    void samplesStayAsTheyAre() {
        FakeRuns.finished(folder.resolve("samples/one"), FakeRuns.spec("slime"), COURSE);
        RunEntry sample = only();
        assertThatThrownBy(() -> RunShelf.toTrash(sample)).hasMessageContaining("sample");
        assertThatThrownBy(() -> RunShelf.note(sample, notes -> notes))
                .hasMessageContaining("sample");
    }

    @Test
    void theFilterKnowsWordsAndComparisons() {
        finished("one");
        RunShelf.note(only(), notes -> notes.withTags("good"));
        RunEntry run = only();
        for (String text :
                List.of(
                        "",
                        "one",
                        "slime done",
                        "GOOD",
                        "learningRate>1e-4",
                        "state=done",
                        "tags=good",
                        "score/greedy>=7 one",
                        "learningrate<=3e-4")) {
            assertThat(RunFilter.of(text).accepts(run)).as(text).isTrue();
        }
        for (String text :
                List.of("two", "learningRate<1e-4", "state=failed", "nothing>1", "one two")) {
            assertThat(RunFilter.of(text).accepts(run)).as(text).isFalse();
        }
    }

    @Test
    void numbersSortBySizeBeforeWordsBeforeNothing() {
        assertThat(
                        List.of(Value.NONE, Value.of("b"), Value.of(10), Value.of("A"), Value.of(9))
                                .stream()
                                .sorted())
                .containsExactly(
                        Value.of(9), Value.of(10), Value.of("A"), Value.of("b"), Value.NONE);
    }

    @Test
    void settingsDifferOnlyWhereSeveralValuesAreThere() {
        RunFacts one = RunFacts.ofSpec(FakeRuns.spec("slime"));
        RunFacts other = RunFacts.ofSpec(FakeRuns.spec("slime-no-stabiliser"));
        assertThat(RunFacts.differing(List.of(one, one))).isEmpty();
        assertThat(RunFacts.differing(List.of(one, other)).keySet())
                .isNotEmpty()
                .allMatch(key -> key.startsWith("objective.stabiliser"));
        assertThat(RunFacts.differing(List.of(one, RunFacts.UNKNOWN))).isEmpty();
    }
}
