package dev.slimelab.app.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeEngine;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.live.ServingProcess;
import dev.slimelab.app.playground.ModelClient.Address;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The life of a server that only says its models' names. The test is the window's thread.
@Timeout(60)
class PlayServerTest {
    private static final Playable ONE = new Playable(Path.of("one"), "base");
    private static final Playable OTHER = new Playable(Path.of("other"), "");

    @TempDir private Path folder;

    private final BlockingQueue<Runnable> window = new LinkedBlockingQueue<>();
    private final Background background = new Background(window::add);
    private final List<Address> given = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    @AfterEach
    void close() {
        background.close();
    }

    private PlayServer server() {
        return new PlayServer(background, FakeEngine.processes(folder));
    }

    private void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            window.take().run();
        }
    }

    private void ask(PlayServer server, Playable... models) {
        server.with(List.of(models), given::add, problems::add);
    }

    @Test
    void oneServerHasAllModelsAndAnotherIsStartedForOthers() throws InterruptedException {
        PlayServer server = server();
        ask(server, ONE, OTHER, ONE);
        until(() -> given.size() == 1);
        assertThat(given.getFirst().names()).containsOnlyKeys(ONE, OTHER);
        ask(server, ONE);
        assertThat(given).as("has it already").hasSize(2).containsOnly(given.getFirst());
        Playable third = new Playable(Path.of("third"), "step-000001");
        ask(server, third);
        until(() -> given.size() == 3);
        assertThat(given.getLast().names()).containsOnlyKeys(third);
        assertThat(given.getLast().url()).isNotEqualTo(given.getFirst().url());
        assertThat(given.getLast().token()).isNotEqualTo(given.getFirst().token());
        server.stop();
    }

    @Test
    void whatIsAskedLaterTakesThePlaceOfWhatWasAskedBefore() throws InterruptedException {
        PlayServer server = server();
        ask(server, ONE);
        ask(server, OTHER);
        until(() -> !given.isEmpty());
        assertThat(given.getFirst().names()).containsOnlyKeys(OTHER);
        server.stop();
    }

    @Test
    void aServerThatCannotOpenItsModelsSaysSo() throws InterruptedException {
        PlayServer server = server();
        ask(server, new Playable(Path.of("silent"), ""));
        until(() -> !problems.isEmpty());
        assertThat(problems.getFirst().what()).isEqualTo("silent holds no model.");
        assertThat(problems.getFirst().remedy()).isEqualTo("Name a folder that does.");
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void aServerThatNobodyUsesEnds() throws InterruptedException {
        PlayServer server = server();
        ask(server, ONE);
        until(() -> !given.isEmpty());
        server.stopAfter(Duration.ofHours(1));
        assertThat(server.isAlive()).isTrue();
        server.stopAfter(Duration.ZERO);
        assertThat(server.isAlive()).isFalse();
    }

    /// Killed, so that it cannot end anything itself.
    @Test
    void aServerEndsWithAWindowThatIsKilled() throws Exception {
        Process dying =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                DyingWindow.class.getName(),
                                folder.toString())
                        .start();
        String pid = dying.inputReader().readLine();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        assertThat(server.isAlive()).isTrue();
        dying.destroyForcibly().waitFor();
        server.onExit().get(30, TimeUnit.SECONDS);
    }

    /// Starts a server and waits for its own end.
    static final class DyingWindow {
        private DyingWindow() {}

        @SuppressWarnings("SystemOut") // tells the test
        public static void main(String[] arguments) throws InterruptedException {
            ServingProcess server =
                    FakeEngine.processes(Path.of(arguments[0])).serve(List.of("one=one"), "sesame");
            while (server.url() == null) {
                Thread.sleep(10);
            }
            System.out.println(server.process().pid());
            Thread.sleep(60_000);
        }
    }
}
