package dev.slimelab.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// What a server of models looks like from outside, without a model: every model says how it was
/// named, in one piece.
///
/// A model whose name holds `silent` cannot be opened; one whose name holds `slow` says one token
/// and then nothing for a minute; a prompt of `too long` is refused; a prompt of `same` is answered
/// alike by all.
@SuppressWarnings("SystemOut") // what an engine answers with
final class FakeServer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, String> models = new LinkedHashMap<>();
    private final Map<Integer, String> words = new ConcurrentHashMap<>();

    private FakeServer() {}

    /// Until standard input ends.
    static void serve(String[] arguments) throws IOException {
        FakeServer fake = new FakeServer();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") && equals > 0) {
                fake.models.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
        for (String model : fake.models.values()) {
            if (model.contains("silent")) {
                System.err.println(model + " holds no model.\nName a folder that does.");
                System.exit(2);
            }
        }
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", fake::answer);
        http.start();
        System.out.println(
                "Listening at http://127.0.0.1:%d/v1".formatted(http.getAddress().getPort()));
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String wanted = "Bearer " + System.getenv("SLIMELAB_TOKEN");
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String model = models.get(body.path("model").asString());
            String prompt =
                    body.path("prompt").asString(body.at("/messages/0/content").asString(""));
            if (!wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    || model == null) {
                send(exchange, 401, "{\"error\": {\"message\": \"Who are you?\"}}");
            } else if (prompt.equals("too long")) {
                send(
                        exchange,
                        400,
                        "{\"error\": {\"message\": \"The model has 256 positions, but 300 are asked for.\"}}");
            } else if (body.path("echo").asBoolean(false)) {
                send(exchange, 200, echo(body.path("prompt"), model).replace("\n", ""));
            } else if (model.contains("slow")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(bytes(sse(chat("One", 7, "null"))));
                exchange.getResponseBody().flush();
                sleep();
            } else {
                String said = prompt.equals("same") ? "Yes" : model.replaceAll(".*[/@]", "");
                int id = 10 + Math.floorMod(said.hashCode(), 600);
                words.put(id, said);
                String line = body.has("messages") ? chat(said, id, "\"stop\"") : text(said, id);
                send(exchange, 200, sse(line) + "data: [DONE]\n\n");
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sse(String json) {
        return "data: " + json.replace("\n", "") + "\n\n";
    }

    /// A token of text, and, where the answer ends, its end.
    private static String chat(String said, int id, String finish) {
        String tokens =
                entry(said, -0.25) + (finish.equals("null") ? "" : ", " + entry("<|end|>", -0.75));
        String ids = finish.equals("null") ? "%d".formatted(id) : "%d, 3".formatted(id);
        return """
        {"prompt_token_ids": [1, 2],
         "choices": [{"index": 0, "delta": {"content": "%s"}, "token_ids": [%s],
                      "logprobs": {"content": [%s]}, "finish_reason": %s}]}
        """
                .formatted(said, ids, tokens, finish);
    }

    private static String entry(String token, double logp) {
        return """
        {"token": "%s", "logprob": %s,
         "top_logprobs": [{"token": "%s", "logprob": %s}, {"token": " or", "logprob": -2.5}]}
        """
                .formatted(token, logp, token, logp);
    }

    private static String text(String said, int id) {
        return """
        {"choices": [{"index": 0, "text": "%s", "prompt_token_ids": [1, 2], "token_ids": [%d],
                      "logprobs": {"tokens": ["%s"], "token_logprobs": [-0.25],
                                   "top_logprobs": [{"%s": -0.25, " or": -2.5}]},
                      "finish_reason": "length"}]}
        """
                .formatted(said, id, said, said);
    }

    /// The answers of [#chat] after their prompt, one nat less likely than to who wrote them; a
    /// model whose name holds `other` cuts texts otherwise.
    private String echo(JsonNode ids, String model) {
        String last = ids.size() == 4 ? ", \"<|end|>\"" : "";
        String word = model.contains("other") ? "Ye" : words.get(ids.path(2).asInt());
        return """
        {"choices": [{"index": 0, "text": "", "token_ids": %s,
                      "logprobs": {"tokens": ["<|user|>", "<|bot|>", "%s"%s],
                                   "token_logprobs": [null, -1, -1.25%s], "top_logprobs": null},
                      "finish_reason": "length"}]}
        """
                .formatted(ids, word, last, last.isEmpty() ? "" : ", -1.75");
    }
}
