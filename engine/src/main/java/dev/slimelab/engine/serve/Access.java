package dev.slimelab.engine.serve;

import com.sun.net.httpserver.Headers;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/// Who may talk to the server: holders of the bearer token, or, where there is none, programs on
/// this machine.
///
/// Without a token, a web page in a browser on this machine must not get in either: it can reach
/// the loopback address under a name of its own, so the name that the request calls must be ours.
///
/// @param host the address to listen at
public record Access(InetAddress host, @Nullable String token) {
    private static final String SCHEME = "Bearer ";
    private static final Pattern OURS =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

    public Access {
        if (token == null && !host.isLoopbackAddress()) {
            throw Problem.badRequest(
                    "The server would listen at %s, where other machines can reach it, without a token."
                            .formatted(host.getHostAddress()),
                    "Give --token, or leave --host out to serve this machine only.");
        }
        if (token != null && token.isBlank()) {
            throw Problem.badRequest("The token is empty.", "Give one that cannot be guessed.");
        }
    }

    /// Looks the host up.
    ///
    /// @param token that clients must send; null only for a loopback host
    /// @throws Problem where other machines could get in without a token, or the host is not known
    public static Access of(String host, @Nullable String token) {
        try {
            return new Access(InetAddress.getByName(host), token);
        } catch (UnknownHostException e) {
            throw Problem.badRequest(
                    "The host %s is not known.".formatted(host),
                    "Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0.",
                    e);
        }
    }

    /// @throws ApiException where the request may not be answered
    void check(Headers headers) {
        if (token == null) {
            String called = headers.getFirst("Host");
            if (called == null || !OURS.matcher(called).matches()) {
                throw ApiException.forbidden(
                        "The request calls this server %s. Call it localhost, or start it with a token."
                                .formatted(called));
            }
            return;
        }
        String given = headers.getFirst("Authorization");
        if (given == null
                || !given.startsWith(SCHEME)
                || !same(given.substring(SCHEME.length()), token)) {
            throw ApiException.unauthorized();
        }
    }

    /// Compares digests, so that the time it takes tells nothing about the token, not even its
    /// length.
    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(digest(given), digest(wanted));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
