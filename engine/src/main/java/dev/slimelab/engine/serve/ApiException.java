package dev.slimelab.engine.serve;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request that is answered with an error, in the shape OpenAI's clients know.
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final @Nullable String parameter;
    private final @Nullable String code;

    private ApiException(
            int status,
            String type,
            @Nullable String parameter,
            @Nullable String code,
            String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.parameter = parameter;
        this.code = code;
    }

    /// The request cannot be understood or honoured.
    ///
    /// @param parameter the field that is to blame, or null
    static ApiException badRequest(@Nullable String parameter, String message) {
        return new ApiException(400, "invalid_request_error", parameter, null, message);
    }

    static ApiException tooLong(String message) {
        return new ApiException(
                400, "invalid_request_error", null, "context_length_exceeded", message);
    }

    static ApiException unauthorized() {
        return new ApiException(
                401,
                "invalid_request_error",
                null,
                "invalid_api_key",
                "The bearer token is missing or wrong. Send the token that the server was started with.");
    }

    static ApiException forbidden(String message) {
        return new ApiException(403, "invalid_request_error", null, null, message);
    }

    static ApiException unknownModel(String message) {
        return new ApiException(404, "invalid_request_error", "model", "model_not_found", message);
    }

    /// The HTTP part of a request is not as it should be.
    static ApiException http(int status, String message) {
        return new ApiException(status, "invalid_request_error", null, null, message);
    }

    static ApiException busy() {
        return new ApiException(
                429,
                "rate_limit_error",
                null,
                "rate_limit_exceeded",
                "Too many requests are waiting. Try again later.");
    }

    static ApiException failed(String message) {
        return new ApiException(500, "server_error", null, null, message);
    }

    int status() {
        return status;
    }

    /// As clients expect it.
    ObjectNode json() {
        ObjectNode reply = JsonMapper.shared().createObjectNode();
        ObjectNode error = reply.putObject("error");
        error.put("message", getMessage());
        error.put("type", type);
        error.put("param", parameter);
        error.put("code", code);
        return reply;
    }
}
