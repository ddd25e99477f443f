package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class NextBatchTest {
    @Test
    void aBatchIsMadeWhileTheStepBeforeItRuns() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var stepRan = new CountDownLatch(1);
        try (var batches =
                new NextBatch(
                        step -> {
                            if (step == 1) {
                                begun.countDown();
                                await(stepRan);
                            }
                            return batch(step);
                        },
                        0,
                        3)) {
            assertThat(batches.take()).isEqualTo(batch(0));

            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue(); // nobody has asked for it yet
            stepRan.countDown();
            assertThat(batches.take()).isEqualTo(batch(1));
            assertThat(batches.take()).isEqualTo(batch(2));
        }
    }

    @Test
    void aRunThatGoesOnGetsTheBatchesItWouldHaveHad() throws InterruptedException {
        try (var batches = new NextBatch(NextBatchTest::batch, 3, 5)) {
            assertThat(batches.take()).isEqualTo(batch(3));
            assertThat(batches.take()).isEqualTo(batch(4));
        }
    }

    @Test
    void aBatchThatCannotBeMadeFailsAtItsOwnStep() throws InterruptedException {
        Problem unreadable = Problem.failed("Row 7 cannot be read.", "Check the disk.");
        try (var batches =
                new NextBatch(
                        step -> {
                            if (step == 1) {
                                throw unreadable;
                            }
                            return batch(step);
                        },
                        0,
                        3)) {
            assertThat(batches.take()).isEqualTo(batch(0));
            assertThatThrownBy(batches::take).isSameAs(unreadable);
        }
    }

    @Test
    void nothingRunsOnWhenItIsClosed() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var thread = new AtomicReference<Thread>();
        try (var _ =
                new NextBatch(
                        step -> {
                            thread.set(Thread.currentThread());
                            begun.countDown();
                            await(new CountDownLatch(1)); // for ever, unless interrupted
                            return batch(step);
                        },
                        0,
                        1)) {
            begun.await();
        }

        assertThat(thread.get().join(Duration.ofMinutes(1))).isTrue();
    }

    /// A batch that its step can be told by.
    private static List<Example> batch(int step) {
        return List.of(BATCHES.get(step));
    }

    private static final List<Example> BATCHES =
            List.of(example(0), example(1), example(2), example(3), example(4));

    private static Example example(int index) {
        return new Example(index, Row.of(new int[] {1}, new int[] {2}));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
