package dev.slimelab.engine.serve;

import com.sun.net.httpserver.HttpExchange;

import dev.slimelab.engine.generate.Piece;
import dev.slimelab.engine.generate.Piece.TextToken;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Answers with one object when everything is written.
final class WholeAnswer {
    private final Reply reply;
    private final Heartbeat out;
    private final List<StringBuilder> texts = new ArrayList<>();
    private final List<List<TextToken>> tokens = new ArrayList<>();
    private final Reply.Continuation[] whole;

    WholeAnswer(HttpExchange exchange, Request request, Reply reply) {
        this.reply = reply;
        this.out = new Heartbeat(exchange, "application/json", " ");
        this.whole = new Reply.Continuation[request.prompts().size()];
        for (int i = 0; i < whole.length; i++) {
            texts.add(new StringBuilder());
            tokens.add(new ArrayList<>());
        }
    }

    void send(Job job) throws IOException, InterruptedException {
        while (true) {
            switch (out.next(job)) {
                case Event.Text(int index, Piece piece) -> {
                    texts.get(index).append(piece.text());
                    tokens.get(index).addAll(piece.tokens());
                }
                case Event.Ended(int index, var end) ->
                        whole[index] =
                                new Reply.Continuation(
                                        new Piece(texts.get(index).toString(), tokens.get(index)),
                                        end);
                case Event.Failed(ApiException problem) -> {
                    if (!out.begun()) {
                        throw problem;
                    }
                    out.write(JsonMapper.shared().writeValueAsString(problem.json()));
                    return;
                }
                case Event.Done(int written) -> {
                    out.write(
                            JsonMapper.shared()
                                    .writeValueAsString(reply.whole(List.of(whole), written)));
                    return;
                }
            }
        }
    }
}
