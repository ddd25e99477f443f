package dev.slimelab.engine.queue;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/// One run of a queue: what is asked, what became of it, and what its engine last said.
///
/// @param status null until an engine's first word
public record Entry(String id, Request request, Progress progress, @Nullable RunStatus status) {
    /// Where a run stands in the queue.
    public enum State {
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("finished")
        FINISHED,
        @JsonProperty("failed")
        FAILED,
        /// Ended early by a person, with its result so far.
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("cancelled")
        CANCELLED;

        /// Whether nothing more will come, unless a person asks.
        public boolean isFinal() {
            return this != WAITING && this != RUNNING;
        }
    }

    /// What is asked.
    ///
    /// @param run its folder, relative to the queue's
    /// @param priority higher ones first
    /// @param rank then lower ones first
    /// @param attempts how often it may be begun
    public record Request(String run, int priority, double rank, boolean cancelled, int attempts) {
        Request at(int otherPriority, double otherRank) {
            return new Request(run, otherPriority, otherRank, cancelled, attempts);
        }

        Request cancel() {
            return new Request(run, priority, rank, true, attempts);
        }

        Request again(int allowed) {
            return new Request(run, priority, rank, false, allowed);
        }
    }

    /// What became of it.
    ///
    /// @param attempt how often it was begun; going on after an interruption is the same attempt
    /// @param interruptions how often this attempt lost its worker
    /// @param worker who has it, or had it last
    /// @param began its first attempt
    /// @param ended null while it waits or is trained
    /// @param why it failed
    public record Progress(
            State state,
            int attempt,
            int interruptions,
            @Nullable WorkerId worker,
            @Nullable Instant began,
            @Nullable Instant ended,
            @Nullable String why) {
        static final Progress NONE = new Progress(State.WAITING, 0, 0, null, null, null, null);

        Progress begin(WorkerId by, Instant now) {
            boolean goesOn = state == State.WAITING && attempt > 0;
            return new Progress(
                    State.RUNNING,
                    goesOn ? attempt : attempt + 1,
                    goesOn ? interruptions : 0,
                    by,
                    began == null ? now : began,
                    null,
                    null);
        }

        Progress end(State as, @Nullable String reason, Instant now) {
            boolean interrupted = as == State.WAITING;
            return new Progress(
                    as,
                    attempt,
                    interrupted ? interruptions + 1 : interruptions,
                    worker,
                    began,
                    interrupted ? null : now,
                    reason);
        }
    }

    /// Where it stands, all told: a failed run with an attempt left waits, a cancelled one does
    /// not.
    public State state() {
        return switch (progress.state) {
            case RUNNING, FINISHED -> progress.state;
            case WAITING -> request.cancelled ? State.CANCELLED : State.WAITING;
            case FAILED, STOPPED, CANCELLED ->
                    request.cancelled
                            ? State.CANCELLED
                            : request.attempts > progress.attempt ? State.WAITING : progress.state;
        };
    }

    /// Whether an engine trains it, one of the queue's or another.
    public boolean isTrained() {
        return progress.state == State.RUNNING || (status != null && !status.state().isFinal());
    }

    /// From its first beginning to its end, however often it was interrupted; null before.
    public @Nullable Duration took() {
        return progress.began == null || progress.ended == null
                ? null
                : Duration.between(progress.began, progress.ended);
    }
}
