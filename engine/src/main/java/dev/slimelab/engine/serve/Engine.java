package dev.slimelab.engine.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The one thread that computes.
///
/// Requests in work take turns: each gets one step, that is one reading of its prompts or one token
/// after each, before any gets its next. So a short request is not kept waiting by long ones, but
/// all of them slow each other down. As many as [#IN_WORK] are in work; more wait in the order they
/// came, and beyond [#WAITING] they are turned away.
final class Engine implements AutoCloseable {
    private static final int IN_WORK = 16;
    private static final int WAITING = 64;

    private final BlockingQueue<Job> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = Thread.ofPlatform().name("engine").unstarted(this::run);
    private volatile int inWork;
    private final AtomicLong turns = new AtomicLong();

    void start() {
        thread.start();
    }

    /// @throws ApiException where too many wait already
    void submit(Job job) {
        if (!waiting.offer(job)) {
            throw ApiException.busy();
        }
    }

    /// Requests in work at this moment.
    int inWork() {
        return inWork;
    }

    /// How often all requests in work have had a step.
    long turns() {
        return turns.get();
    }

    private void run() {
        List<Job> jobs = new ArrayList<>();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (jobs.isEmpty()) {
                    jobs.add(waiting.take());
                }
                waiting.drainTo(jobs, IN_WORK - jobs.size());
                inWork = jobs.size();
                jobs.removeIf(job -> !job.step());
                inWork = jobs.size();
                turns.incrementAndGet();
            }
        } catch (InterruptedException _) {
            // Closed while there was nothing to do.
        }
        waiting.drainTo(jobs);
        jobs.forEach(Job::abandon);
    }

    /// Ends after the step in progress; what is not done fails.
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
