package dev.slimelab.app.library;

import dev.slimelab.engine.run.RunStatus;

/// Where a run stands, in the words of the list.
public enum RunPhase {
    /// A spec that no engine was ever asked to take up.
    NOT_STARTED("not started", Tone.QUIET),
    STARTING("starting", Tone.ACTIVE),
    QUEUED("queued", Tone.QUIET),
    PREPARING("preparing", Tone.ACTIVE),
    TRAINING("training", Tone.ACTIVE),
    EVALUATING("evaluating", Tone.ACTIVE),
    PAUSED("paused", Tone.WAITING),
    FINISHED("done", Tone.QUIET),
    STOPPED("stopped", Tone.QUIET),
    FAILED("failed", Tone.BROKEN),
    LOST("lost", Tone.BROKEN);

    /// How much attention it asks for.
    public enum Tone {
        QUIET,
        ACTIVE,
        WAITING,
        BROKEN
    }

    private final String word;
    private final Tone tone;

    RunPhase(String word, Tone tone) {
        this.word = word;
        this.tone = tone;
    }

    public String word() {
        return word;
    }

    public Tone tone() {
        return tone;
    }

    /// Whether an engine is, or should be, at work.
    public boolean isAlive() {
        return switch (this) {
            case STARTING, QUEUED, PREPARING, TRAINING, EVALUATING, PAUSED -> true;
            case NOT_STARTED, FINISHED, STOPPED, FAILED, LOST -> false;
        };
    }

    /// Whether an engine was at work and is no more, before the end: it can be resumed.
    public boolean isInterrupted() {
        return switch (this) {
            case STOPPED, FAILED, LOST -> true;
            case NOT_STARTED, STARTING, QUEUED, PREPARING, TRAINING, EVALUATING, PAUSED, FINISHED ->
                    false;
        };
    }

    static RunPhase of(RunStatus.State state) {
        return switch (state) {
            case QUEUED -> QUEUED;
            case PREPARING -> PREPARING;
            case TRAINING -> TRAINING;
            case EVALUATING -> EVALUATING;
            case PAUSED -> PAUSED;
            case FINISHED -> FINISHED;
            case STOPPED -> STOPPED;
            case FAILED -> FAILED;
            case LOST -> LOST;
        };
    }
}
