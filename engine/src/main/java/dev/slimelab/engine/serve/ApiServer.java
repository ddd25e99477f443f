package dev.slimelab.engine.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The HTTP interface: `/v1/models`, `/v1/completions` and `/v1/chat/completions`.
///
/// A client that goes away stops its generation. The JDK's server tells so only when it is written
/// to, so something is written at least every second: comments into streams, and blanks, which JSON
/// allows, before a reply that takes long.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ApiServer.class.getName());
    private static final int MOST_BODY_BYTES = 8 << 20;
    private static final String MODELS = "/v1/models";

    private final Map<String, TextModel> models;
    private final Access access;
    private final Engine engine = new Engine();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http;
    private final long started = System.currentTimeMillis() / 1000;

    /// Starts to serve.
    ///
    /// @param models by the names that clients call them; used by this server's thread only, until
    ///   it is closed
    /// @param port 0 for any that is free
    /// @throws Problem where it cannot listen there
    public static ApiServer start(Map<String, TextModel> models, Access access, int port) {
        return new ApiServer(models, access, port);
    }

    private ApiServer(Map<String, TextModel> models, Access access, int port) {
        this.models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        this.access = access;
        // Read once, when the server's classes are loaded. Without it, each piece of a stream waits
        // for the other side to acknowledge the piece before.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var address = new InetSocketAddress(access.host(), port);
        try {
            this.http = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw Problem.badRequest(
                    "The server cannot listen at %s: %s.".formatted(address, e.getMessage()),
                    "Choose another --port, or 0 for any that is free.",
                    e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        engine.start();
        http.start();
    }

    /// The address that clients call, such as `http://127.0.0.1:8000/v1`.
    public String url() {
        InetSocketAddress address = http.getAddress();
        String host = access.host().getHostAddress();
        return "http://%s:%d/v1"
                .formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
    }

    Engine engine() {
        return engine;
    }

    /// Stops listening at once, then ends what is in work after its present step.
    @Override
    public void close() {
        http.stop(0);
        engine.close();
        threads.close();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            try {
                access.check(exchange.getRequestHeaders());
                route(exchange);
            } catch (ApiException e) {
                send(exchange, e.status(), e.json());
            } catch (RuntimeException e) {
                ApiException shown = shown(e);
                if (shown.status() == 500) {
                    LOG.log(Level.SEVERE, "A request could not be answered", e);
                }
                send(exchange, shown.status(), shown.json());
            }
        } catch (IOException e) {
            LOG.log(Level.FINE, "A client went away", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What a client may know: of its own request everything, of this machine nothing. The rest is
    /// for whoever reads this server's log.
    static ApiException shown(RuntimeException thrown) {
        if (thrown instanceof Problem problem && problem.kind() == Problem.Kind.BAD_REQUEST) {
            return ApiException.badRequest(null, problem.what() + " " + problem.remedy());
        }
        return ApiException.failed("The server could not answer; its log says why.");
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.equals(MODELS)) {
            require(exchange, "GET");
            send(exchange, 200, list());
        } else if (path.startsWith(MODELS + "/")) {
            require(exchange, "GET");
            String name =
                    URLDecoder.decode(path.substring(MODELS.length() + 1), StandardCharsets.UTF_8);
            TextModel model = models.get(name);
            if (model == null) {
                throw ApiException.unknownModel("There is no model %s.".formatted(name));
            }
            send(exchange, 200, describe(name, model));
        } else if (path.equals("/v1/completions")) {
            write(exchange, Reply.Shape.COMPLETION, Request.completion(body(exchange), models));
        } else if (path.equals("/v1/chat/completions")) {
            write(exchange, Reply.Shape.CHAT, Request.chat(body(exchange), models));
        } else {
            throw ApiException.http(
                    404,
                    "There is no %s. Known are /v1/models, /v1/completions and /v1/chat/completions."
                            .formatted(path));
        }
    }

    private void write(HttpExchange exchange, Reply.Shape shape, Request request)
            throws IOException, InterruptedException {
        Reply reply = new Reply(shape, request);
        try (Job job = new Job(request)) {
            engine.submit(job);
            if (request.stream()) {
                new StreamedAnswer(exchange, request, reply).send(job);
            } else {
                new WholeAnswer(exchange, request, reply).send(job);
            }
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        require(exchange, "POST");
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        // Also keeps web pages out: a browser asks before it sends JSON to another site.
        if (type == null || !type.startsWith("application/json")) {
            throw ApiException.http(
                    415, "The Content-Type is %s. Send application/json.".formatted(type));
        }
        try (InputStream stream = exchange.getRequestBody()) {
            byte[] bytes = stream.readNBytes(MOST_BODY_BYTES + 1);
            if (bytes.length > MOST_BODY_BYTES) {
                // A client that is still sending would not read the answer.
                var _ = stream.skip(MOST_BODY_BYTES);
                throw ApiException.http(
                        413,
                        "The body is longer than %,d bytes. Send less in one request."
                                .formatted(MOST_BODY_BYTES));
            }
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            throw ApiException.badRequest(
                    null, "The body is no valid JSON: %s.".formatted(e.getOriginalMessage()));
        }
    }

    private static void require(HttpExchange exchange, String method) {
        if (!exchange.getRequestMethod().equals(method)) {
            throw ApiException.http(
                    405,
                    "%s does not take %s. Use %s."
                            .formatted(
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestMethod(),
                                    method));
        }
    }

    private ObjectNode list() {
        ObjectNode list = JsonMapper.shared().createObjectNode();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        models.forEach((name, model) -> data.add(describe(name, model)));
        return list;
    }

    private ObjectNode describe(String name, TextModel model) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", name);
        json.put("object", "model");
        json.put("created", started);
        json.put("owned_by", "slimelab");
        json.put("max_model_len", model.positions());
        return json;
    }

    private static void send(HttpExchange exchange, int status, ObjectNode json)
            throws IOException {
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
