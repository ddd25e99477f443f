package dev.slimelab.engine.serve;

import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A reply that is begun when its first part is known, or after a second of silence.
///
/// What is written in silence means nothing to the client; it is there because only writing tells
/// whether the client is.
final class Heartbeat {
    private static final long INTERVAL_MILLIS = 1000;

    private final HttpExchange exchange;
    private final String contentType;
    private final String beat;
    private @Nullable OutputStream stream;
    private long due = System.nanoTime() + INTERVAL_MILLIS * 1_000_000;

    Heartbeat(HttpExchange exchange, String contentType, String beat) {
        this.exchange = exchange;
        this.contentType = contentType;
        this.beat = beat;
    }

    /// Waits for what happens next.
    ///
    /// @throws IOException where the client is gone
    Event next(Job job) throws IOException, InterruptedException {
        while (true) {
            long left = (due - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                write(beat);
                continue;
            }
            Event event = job.next(left);
            if (event != null) {
                return event;
            }
        }
    }

    void write(String text) throws IOException {
        if (stream == null) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.getResponseHeaders().set("Cache-Control", "no-cache");
            exchange.sendResponseHeaders(200, 0);
            stream = exchange.getResponseBody();
        }
        stream.write(text.getBytes(StandardCharsets.UTF_8));
        stream.flush();
        due = System.nanoTime() + INTERVAL_MILLIS * 1_000_000;
    }

    /// Whether the reply has begun, as a success.
    boolean begun() {
        return stream != null;
    }
}
