package dev.slimelab.app.playground;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;

/// A reply of the server as it arrives: nobody waits for it, its lines are fetched when there is
/// time.
final class Reply implements Flow.Subscriber<String> {
    /// A line and when it came, by [System#nanoTime].
    record Line(long nanos, String text) {}

    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private volatile @Nullable CompletableFuture<HttpResponse<Void>> exchange;
    private volatile @Nullable Throwable failure;
    private volatile boolean over;

    void comes(CompletableFuture<HttpResponse<Void>> from) {
        exchange = from;
        CompletableFuture<?> _ =
                from.whenComplete(
                        (_, thrown) -> {
                            failure = thrown;
                            over = true;
                        });
    }

    /// Whether nothing more will come than [#take] has at this moment.
    boolean isOver() {
        return over;
    }

    /// Why it broke off; null where it did not.
    @Nullable Throwable failure() {
        return failure;
    }

    /// The lines that came since the last call.
    List<Line> take() {
        List<Line> taken = new ArrayList<>();
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            taken.add(line);
        }
        return taken;
    }

    /// Leaves, so that the server stops its work.
    void cancel() {
        CompletableFuture<HttpResponse<Void>> from = exchange;
        if (from != null) {
            from.cancel(true);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        lines.add(new Line(System.nanoTime(), line));
    }

    @Override
    public void onError(Throwable thrown) {
        // told by the exchange too
    }

    @Override
    public void onComplete() {
        // told by the exchange too
    }
}
