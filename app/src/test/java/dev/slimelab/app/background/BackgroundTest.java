package dev.slimelab.app.background;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.HandedBack;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class BackgroundTest {
    private final HandedBack results = new HandedBack();
    private final Background background = new Background(results);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        background.close();
    }

    private void failing(RuntimeException failure) {
        background.run(
                "Starting slime-p2",
                () -> {
                    throw failure;
                },
                _ -> told.add("done"),
                problem -> told.add(problem.what()));
        assertThat(background.activity().get()).isEqualTo("Starting slime-p2");
        results.take();
        assertThat(background.activity().get()).isEmpty();
    }

    @Test
    void everyFailureOfWorkIsToldAndEndsIt() {
        failing(Problem.failed("The disk is full.", "Make room."));
        failing(new UncheckedIOException(new IOException("permission denied")));
        failing(new IllegalStateException("a hole"));
        assertThat(told)
                .containsExactly(
                        "The disk is full.",
                        "A file of the runs folder could not be used: java.io.IOException:"
                                + " permission denied.",
                        "SlimeLab made a mistake: java.lang.IllegalStateException: a hole.");
    }

    @Test
    void repeatedWorkGoesOnAfterItFailed() {
        AtomicInteger turn = new AtomicInteger();
        background.every(
                Duration.ofMillis(1),
                () -> {
                    if (turn.incrementAndGet() == 1) {
                        throw new IllegalStateException("a hole");
                    }
                    return "turn " + turn.get();
                },
                told::add,
                problem -> told.add(problem.what()));
        results.take();
        results.take();
        assertThat(told)
                .containsExactly(
                        "SlimeLab made a mistake: java.lang.IllegalStateException: a hole.",
                        "turn 2");
    }
}
