package dev.slimelab.engine.serve;

import com.sun.net.httpserver.HttpExchange;

import dev.slimelab.engine.generate.Piece;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;

/// Answers with server-sent events as the text comes.
final class StreamedAnswer {
    private final Request request;
    private final Reply reply;
    private final Heartbeat out;

    StreamedAnswer(HttpExchange exchange, Request request, Reply reply) {
        this.request = request;
        this.reply = reply;
        this.out = new Heartbeat(exchange, "text/event-stream", ": waiting\n\n");
    }

    void send(Job job) throws IOException, InterruptedException {
        boolean opened = false;
        while (true) {
            Event event = out.next(job);
            if (event instanceof Event.Failed(ApiException problem) && !out.begun()) {
                throw problem;
            }
            if (!opened) {
                for (ObjectNode chunk : reply.opening()) {
                    send(chunk);
                }
                opened = true;
            }
            switch (event) {
                case Event.Text(int index, Piece piece) -> send(reply.chunk(index, piece));
                case Event.Ended(int index, var end) -> send(reply.lastChunk(index, end));
                case Event.Failed(ApiException problem) -> {
                    send(problem.json());
                    return;
                }
                case Event.Done(int written) -> {
                    if (request.usage()) {
                        send(reply.usageChunk(written));
                    }
                    out.write("data: [DONE]\n\n");
                    return;
                }
            }
        }
    }

    private void send(ObjectNode chunk) throws IOException {
        out.write("data: " + JsonMapper.shared().writeValueAsString(chunk) + "\n\n");
    }
}
