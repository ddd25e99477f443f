package dev.slimelab.engine.serve;

import dev.slimelab.engine.generate.Generation;
import dev.slimelab.engine.generate.Piece;
import dev.slimelab.engine.generate.Piece.TextToken;
import dev.slimelab.engine.generate.ScoredToken;
import dev.slimelab.engine.generate.TextListener;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One request on its way: computed by the engine's thread, heard by the thread that answers.
final class Job implements TextListener, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Job.class.getName());

    private final Request request;
    private final Generation generation;
    private final int[] echoed;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private int written;
    private volatile boolean unwanted;

    /// @throws dev.slimelab.engine.problem.Problem where the prompts do not fit the model
    Job(Request request) {
        this.request = request;
        this.echoed = new int[request.prompts().size()];
        this.generation =
                request.model().begin(request.prompts(), request.sampling(), request.stops(), this);
    }

    /// Computes one step, on the engine's thread.
    ///
    /// @return whether there is more to do
    boolean step() {
        try {
            if (!unwanted && generation.step()) {
                return true;
            }
            events.add(new Event.Done(written));
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(Level.SEVERE, "A generation failed", e);
            events.add(
                    new Event.Failed(
                            ApiException.failed("The work failed; the server's log says why.")));
        }
        generation.close();
        return false;
    }

    /// Gives up, on the engine's thread.
    void abandon() {
        generation.close();
        events.add(new Event.Failed(ApiException.failed("The server is shutting down.")));
    }

    /// What happened next, or null if nothing has for so long.
    @Nullable Event next(long timeoutMillis) throws InterruptedException {
        return events.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /// Nobody listens any more: the engine's thread stops at the next step.
    @Override
    public void close() {
        unwanted = true;
    }

    @Override
    public void prompt(int prompt, List<ScoredToken> tokens) {
        Piece text = request.model().text(tokens);
        echoed[prompt] = text.text().length();
        events.add(new Event.Text(prompt, text));
    }

    @Override
    public void text(int prompt, Piece piece) {
        written += piece.tokens().size();
        if (!piece.text().isEmpty() || !piece.tokens().isEmpty()) {
            events.add(new Event.Text(prompt, shifted(piece, echoed[prompt])));
        }
    }

    @Override
    public void ended(int prompt, End end) {
        events.add(new Event.Ended(prompt, end));
    }

    private static Piece shifted(Piece piece, int by) {
        return new Piece(
                piece.text(),
                piece.tokens().stream()
                        .map(token -> new TextToken(token.token(), token.offset() + by))
                        .toList());
    }
}
