package dev.slimelab.engine.queue;

import dev.slimelab.engine.run.RunStatus;

import java.time.Duration;
import java.time.Instant;

/// A process, told from later ones that get the same number.
///
/// @param host the machine it runs on
public record WorkerId(long pid, Instant started, String host) {
    /// Start times are told with hundredths of a second, not the same ones by every system call.
    private static final Duration SLACK = Duration.ofSeconds(2);

    static WorkerId self() {
        return of(ProcessHandle.current());
    }

    static WorkerId of(ProcessHandle process) {
        return new WorkerId(
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH),
                RunStatus.localHost());
    }

    /// Whether it is still there. One on another machine is taken to be gone: what it was training
    /// says by itself whether it goes on.
    boolean isAlive() {
        return host.equals(RunStatus.localHost())
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .map(WorkerId::of)
                        .filter(
                                now ->
                                        Duration.between(started, now.started)
                                                        .abs()
                                                        .compareTo(SLACK)
                                                < 0)
                        .isPresent();
    }
}
