package dev.slimelab.app.live;

import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.run.RunStatus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The status line of a run: how far, how long still, how fast.
///
/// @param share 0 to 1; negative where it is not known
/// @param facts short texts, from most to least wanted
public record Progress(String step, double share, List<String> facts, RunPhase phase) {
    static Progress of(ShownRun run) {
        RunEntry entry = run.entry();
        RunStatus status = entry.status();
        if (status == null) {
            return new Progress("", -1, List.of(engine(entry.phase())), entry.phase());
        }
        List<String> facts = new ArrayList<>();
        Double eta = status.etaSeconds();
        if (entry.phase().isAlive() && entry.phase() != RunPhase.PAUSED && eta != null) {
            facts.add("ETA " + Numbers.span(Duration.ofMillis(Math.round(eta * 1000))));
        }
        if (!entry.phase().isAlive() && !Double.isNaN(run.last("time"))) {
            facts.add(
                    "took " + Numbers.span(Duration.ofMillis(Math.round(run.last("time") * 1000))));
        }
        addNumber(
                facts, Numbers.compact(run.metric("tokens_per_second").meanOfLast(10)), "tokens/s");
        addNumber(facts, Numbers.bytes(run.last("memory_bytes")), "");
        facts.add(engine(entry.phase()));
        double step = run.step();
        return new Progress(
                "step " + Numbers.fixed(step, 0) + " / " + Numbers.fixed(status.of(), 0),
                status.of() == 0 ? 0 : step / status.of(),
                facts,
                entry.phase());
    }

    private static void addNumber(List<String> facts, String number, String unit) {
        if (!number.equals(Numbers.NOTHING)) {
            facts.add(unit.isEmpty() ? number : number + " " + unit);
        }
    }

    private static String engine(RunPhase phase) {
        return switch (phase) {
            case NOT_STARTED -> "not started";
            case STARTING -> "engine starting";
            case QUEUED -> "waiting for an engine";
            case PREPARING -> "engine preparing";
            case TRAINING, EVALUATING -> "engine alive";
            case PAUSED -> "engine paused";
            case FINISHED -> "finished";
            case STOPPED -> "stopped on request";
            case FAILED -> "engine failed";
            case LOST -> "engine lost";
        };
    }
}
