package dev.slimelab.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class RunFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir private Path folder;

    @Test
    void aTailReadsOnlyWholeLinesAndOnlyOnce() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        JsonLinesTail tail = new JsonLinesTail(file);
        assertThat(tail.poll().lines()).isEmpty();

        Files.writeString(file, "{\"step\":1}\n{\"step\":");
        assertThat(tail.poll().lines()).hasSize(1);
        Files.writeString(file, "2}\n", StandardOpenOption.APPEND);
        assertThat(tail.poll().lines().getFirst().get("step").intValue()).isEqualTo(2);
        assertThat(tail.poll().lines()).isEmpty();
    }

    @Test
    void aTailSaysThatAFileShrank() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{\"step\":1}\n{\"step\":2}\n");
        JsonLinesTail tail = new JsonLinesTail(file);
        tail.poll();

        Files.writeString(file, "{\"step\":1}\n");
        JsonLinesTail.Lines lines = tail.poll();
        assertThat(lines.restarted()).isTrue();
        assertThat(lines.lines()).hasSize(1);
    }

    @Test
    void aTornLineIsPassedOver() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{\"step\":1}\n{\"st{\"step\":3}\n{\"step\":4}\n");

        assertThat(new JsonLinesTail(file).poll().lines()).hasSize(2);
    }

    @Test
    void numbersWithoutAWordInJsonAreLeftOut() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
            writer.append(Map.of("loss", Double.NaN, "step", 3));
        }

        assertThat(Files.readString(file)).isEqualTo("{\"step\":3}\n");
    }

    @Test
    void aStatusSurvivesItsFile() {
        RunStatus status = status(State.TRAINING, ProcessHandle.current().pid(), NOW);
        status.write(folder.resolve("status.json"));

        assertThat(RunStatus.read(folder.resolve("status.json"), NOW)).isEqualTo(status);
    }

    @Test
    void anEngineWhoseProcessIsGoneIsLost() {
        status(State.TRAINING, Long.MAX_VALUE, NOW).write(folder.resolve("status.json"));

        assertThat(stateAsOf(NOW)).isEqualTo(State.LOST);
    }

    @Test
    void anEngineThatIsSilentIsLost() {
        status(State.TRAINING, ProcessHandle.current().pid(), NOW)
                .write(folder.resolve("status.json"));

        assertThat(stateAsOf(NOW.plusSeconds(9))).isEqualTo(State.LOST);
    }

    @Test
    void aFinishedRunStaysFinished() {
        status(State.FINISHED, Long.MAX_VALUE, NOW).write(folder.resolve("status.json"));

        assertThat(stateAsOf(NOW.plusSeconds(1000))).isEqualTo(State.FINISHED);
    }

    @Test
    void requestsAreTakenOnce() {
        Control control = new Control(folder.resolve("control"));
        control.ask(Control.Request.PAUSE);
        control.ask(Control.Request.STOP);

        assertThat(control.take()).containsExactly(Control.Request.PAUSE, Control.Request.STOP);
        assertThat(control.take()).isEmpty();
    }

    @Test
    void aFolderHoldsOneRun() throws IOException {
        Path file = folder.resolve("spec.json");
        Files.writeString(file, "{\"model\": {\"path\": \"m\"}, \"data\": {\"path\": \"d\"}}");
        RunSpec spec = SpecJson.read(file, List.of());
        RunDirectory run = RunDirectory.create(folder.resolve("runs/one"), spec);

        assertThat(run.readSpec()).isEqualTo(spec);
        assertThat(RunDirectory.below(folder.resolve("runs"))).containsExactly(run);
        Files.writeString(run.metrics(), "");
        assertThatThrownBy(() -> RunDirectory.create(run.path(), spec))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("already holds a run");
    }

    private State stateAsOf(Instant time) {
        return requireNonNull(RunStatus.read(folder.resolve("status.json"), time)).state();
    }

    private static RunStatus status(State state, long pid, Instant heartbeat) {
        return new RunStatus(state, 3, 10, 0.1, 5.0, pid, RunStatus.localHost(), heartbeat, null);
    }
}
