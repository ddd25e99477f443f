package dev.slimelab.app.playground;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Map;

/// Speaks to a server of models as OpenAI's clients do.
final class ModelClient {
    /// Where a server listens.
    ///
    /// @param names what it calls each model
    record Address(String url, String token, Map<Playable, String> names) {}

    private @Nullable HttpClient http;

    /// Asks, and does not wait for the reply. Not for the window's thread: the first time takes a
    /// while.
    ///
    /// @param path behind `/v1`
    Reply post(Address address, String path, ObjectNode body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address.url() + path))
                        .header("Authorization", "Bearer " + address.token())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build();
        Reply reply = new Reply();
        reply.comes(http().sendAsync(request, _ -> BodySubscribers.fromLineSubscriber(reply)));
        return reply;
    }

    private synchronized HttpClient http() {
        HttpClient made = http;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .proxy(HttpClient.Builder.NO_PROXY) // it is on this machine
                            .build();
            http = made;
        }
        return made;
    }

    synchronized void close() {
        if (http != null) {
            http.shutdownNow();
        }
    }
}
