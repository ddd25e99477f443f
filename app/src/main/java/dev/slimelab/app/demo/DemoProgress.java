package dev.slimelab.app.demo;

import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.run.RunStatus;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Says how far the demonstration is: bars that move on a terminal, otherwise a line whenever a run
/// changes its state.
final class DemoProgress implements Consumer<List<DemoQueue.Standing>> {
    private static final int BAR = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private final Map<String, String> said = new HashMap<>();
    private int linesDrawn;

    DemoProgress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void accept(List<DemoQueue.Standing> standings) {
        if (terminal) {
            if (linesDrawn > 0) {
                out.print("\u001b[" + linesDrawn + "A");
            }
            standings.forEach(standing -> out.println("\u001b[2K" + bar(standing)));
            linesDrawn = standings.size();
        } else {
            for (DemoQueue.Standing standing : standings) {
                String state = state(standing);
                if (!state.equals(said.put(standing.name(), state))) {
                    out.println(standing.name() + ": " + state);
                }
            }
        }
        out.flush();
    }

    private static String bar(DemoQueue.Standing standing) {
        RunStatus status = standing.status();
        double progress = status == null ? 0 : status.progress();
        int full = (int) Math.round(progress * BAR);
        return String.format(
                Locale.ROOT,
                "%-26s %s%s %3.0f %%  %s",
                standing.name(),
                "█".repeat(full),
                "░".repeat(BAR - full),
                100 * progress,
                state(standing));
    }

    private static String state(DemoQueue.Standing standing) {
        RunStatus status = standing.status();
        if (status == null) {
            return standing.run() == null ? "waiting" : "starting";
        }
        return switch (status.state()) {
            // between measurements a run goes back to training; that is no news
            case TRAINING, EVALUATING -> "training";
            case QUEUED, PREPARING, PAUSED, FINISHED, STOPPED, FAILED, LOST ->
                    Settings.word(status.state().name());
        };
    }
}
