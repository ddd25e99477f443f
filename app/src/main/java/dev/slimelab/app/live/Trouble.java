package dev.slimelab.app.live;

import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

/// What the failure card says: what happened, why, what to do, and the last the engine wrote.
///
/// @param canResume whether the engine got far enough to leave something to go on from
public record Trouble(String title, String what, String remedy, String logTail, boolean canResume) {
    /// The text that "Copy report" puts on the clipboard.
    public String report() {
        return title + "\n" + what + "\n" + remedy + "\n\n" + logTail + "\n";
    }

    static @Nullable Trouble of(ShownRun run, String logTail) {
        var entry = run.entry();
        var status = entry.status();
        return switch (entry.phase()) {
            case FAILED -> {
                var failure = status == null ? null : status.problem();
                yield failure == null
                        ? new Trouble(
                                "The engine ended before it began.",
                                "It refused the request or could not run; its own words are below.",
                                "Correct the settings with Use as new run, or check the installation with"
                                        + " slimelab doctor.",
                                logTail,
                                false)
                        : new Trouble(
                                "The run failed.", failure.what(), failure.remedy(), logTail, true);
            }
            case LOST ->
                    status == null
                            ? new Trouble(
                                    "The engine never reported.",
                                    "It was asked to start this run and has not written a status.",
                                    "Read its output below; slimelab doctor checks the installation.",
                                    logTail,
                                    false)
                            : new Trouble(
                                    "The engine was lost at step "
                                            + Numbers.fixed(run.step(), 0)
                                            + ".",
                                    "Its process is gone without a last word: it was killed, or the machine ran out of"
                                            + " memory. Every metric written until then is kept.",
                                    "Resume goes on from its newest checkpoint, or from the beginning where"
                                            + " there is none.",
                                    logTail,
                                    true);
            case NOT_STARTED,
                    STARTING,
                    QUEUED,
                    PREPARING,
                    TRAINING,
                    EVALUATING,
                    PAUSED,
                    FINISHED,
                    STOPPED ->
                    null;
        };
    }
}
