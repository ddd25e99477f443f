package dev.slimelab.engine.train;

import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.JsonLinesWriter;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.Failure;
import dev.slimelab.engine.run.RunStatus.State;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells the outside that the engine lives, and the engine what the outside asks.
///
/// A daemon thread of its own, so that neither a long step nor a long evaluation delays an answer:
/// requests are taken five times a second and acknowledged in `events.jsonl`; the status is written
/// once a second and at every change.
final class Heartbeat implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLLS_PER_BEAT = 5;

    private final RunDirectory run;
    private final Control control;
    private final JsonLinesWriter events;
    private final Thread thread;
    private final String host = RunStatus.localHost();
    private State state = State.PREPARING;
    private int step;
    private int of;
    private double epoch;
    private @Nullable Double etaSeconds;
    private boolean pauseAsked;
    private boolean stopAsked;
    private boolean checkpointAsked;
    private final List<Control.Edit> edits = new ArrayList<>();
    private boolean closed;

    Heartbeat(RunDirectory run) {
        this.run = run;
        this.control = new Control(run.control());
        this.events = new JsonLinesWriter(run.events());
        control.take(); // requests to an engine that is gone
        control.takeEdits();
        write(null);
        thread = Thread.ofPlatform().daemon().name("heartbeat").start(this::beat);
    }

    synchronized void enter(State entered) {
        if (state != entered) {
            state = entered;
            write(null);
        }
    }

    synchronized void progress(int doneSteps, int allSteps, double epochs, @Nullable Double eta) {
        step = doneSteps;
        of = allSteps;
        epoch = epochs;
        etaSeconds = eta;
    }

    synchronized boolean stopAsked() {
        return stopAsked;
    }

    synchronized boolean pauseAsked() {
        return pauseAsked;
    }

    /// Whether the state is to be saved before the next step. A request is answered once.
    synchronized boolean takeSaveAsked() {
        boolean asked = checkpointAsked || pauseAsked;
        checkpointAsked = false;
        return asked;
    }

    /// The edits that were asked for since the last call.
    synchronized List<Control.Edit> takeEdits() {
        List<Control.Edit> taken = List.copyOf(edits);
        edits.clear();
        return taken;
    }

    /// Asks for an orderly end from inside the process.
    synchronized void stop() {
        stopAsked = true;
        notifyAll();
    }

    /// Returns at once, or after a pause: when asked to resume or stop.
    synchronized void awaitPermission() throws InterruptedException {
        if (!pauseAsked || stopAsked) {
            return;
        }
        State before = state;
        enter(State.PAUSED);
        while (pauseAsked && !stopAsked) {
            wait();
        }
        enter(before);
    }

    /// Notes what was done; it is on the disk when this returns.
    void event(String what, Map<String, ?> facts) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("event", what);
        line.putAll(facts);
        events.append(line);
        Disk.force(run.events());
    }

    /// The last word: a final state, and why if it failed.
    synchronized void end(State last, @Nullable Failure failure) {
        state = last;
        etaSeconds = last == State.FINISHED ? 0.0 : null;
        closed = true;
        write(failure);
    }

    private void beat() {
        int polls = 0;
        while (true) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException _) {
                return;
            }
            synchronized (this) {
                if (closed) {
                    return;
                }
                take();
                if (++polls % POLLS_PER_BEAT == 0) {
                    write(null);
                }
            }
        }
    }

    private void take() {
        for (Control.Request request : control.take()) {
            switch (request) {
                case PAUSE -> pauseAsked = true;
                case RESUME -> pauseAsked = false;
                case STOP -> stopAsked = true;
                case CHECKPOINT -> checkpointAsked = true;
            }
            event(request.word(), Map.of("step", step));
            notifyAll();
        }
        for (String text : control.takeEdits()) {
            try {
                Control.Edit edit = Control.Edit.parse(text);
                Map<String, Object> facts = new LinkedHashMap<>(Map.of("step", step));
                facts.putAll(edit.facts());
                event("edit", facts);
                edits.add(edit);
            } catch (Problem problem) {
                event("edit-refused", Map.of("step", step, "problem", problem.what()));
            }
        }
    }

    private void write(@Nullable Failure failure) {
        new RunStatus(
                        state,
                        step,
                        of,
                        epoch,
                        etaSeconds,
                        ProcessHandle.current().pid(),
                        host,
                        Instant.now(),
                        failure)
                .write(run.status());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        thread.interrupt();
        events.close();
    }
}
