package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.slimelab.engine.device.DeviceChoice.Way;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/// The download, from a server of our own that publishes as DJL does.
class TorchDownloadTest {
    private static final String PLACE = "cu128/linux-x86_64/native/lib/";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    private final Map<String, byte[]> published = new TreeMap<>();

    @BeforeEach
    void publish() throws IOException {
        for (String name : List.of("torch", "torch_cpu", "torch_cuda", "c10", "c10_cuda")) {
            published.put(PLACE + System.mapLibraryName(name) + ".gz", zipped(name));
        }
        for (String name :
                List.of(
                        "libcudart.so.12",
                        "libcublas.so.12",
                        "libcublasLt.so.12",
                        "libcudnn.so.9")) {
            published.put(PLACE + name + ".gz", zipped(name));
        }
        published.put("cpu/linux-x86_64/native/lib/libc10.so.gz", zipped("other"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String asked = exchange.getRequestURI().getPath().substring(1);
                    byte[] answer =
                            asked.equals("files.txt")
                                    ? String.join("\n", published.keySet())
                                            .getBytes(StandardCharsets.UTF_8)
                                    : published.get(asked);
                    exchange.sendResponseHeaders(answer == null ? 404 : 200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(answer == null ? new byte[0] : answer);
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private TorchDownload download(String system) {
        return new TorchDownload(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                folder.resolve("cache/2.7.1-cu128"),
                system);
    }

    private static byte[] zipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void theFilesOfThisSystemAreFetchedOnce() {
        TorchDownload download = download("linux-x86_64");
        assertThat(download.isThere()).isFalse();
        assertThat(download.fetch()).hasToString("2.7.1 for cu128");
        assertThat(download.folder().resolve("libcudart.so.12")).hasContent("libcudart.so.12");
        server.stop(0);
        assertThat(download.fetch()).as("without a server").hasToString("2.7.1 for cu128");
    }

    @Test
    void itIsUsedOnlyWhereItIsAllowed() {
        var machine =
                new Machine(
                        FakeTorch.smi("GPU-aa11, NVIDIA A10, 23028, 570.124.06, 8.6"),
                        new TorchPack(folder.resolve("data/torch")),
                        download("linux-x86_64"),
                        Map.of(Machine.DOWNLOAD, "yes"));
        assertThat(machine.choose(new Device.Auto()).way()).isEqualTo(Way.DOWNLOAD);
    }

    @Test
    void aBrokenDownloadLeavesNothingBehind() {
        published.put(PLACE + "libcudnn.so.9.gz", new byte[] {1, 2, 3});
        TorchDownload download = download("linux-x86_64");
        assertThatThrownBy(download::fetch)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("libcudnn.so.9.gz could not be downloaded");
        assertThat(Files.exists(download.folder())).isFalse();
    }

    @Test
    void aSystemThatNothingIsPublishedForIsNamed() {
        assertThatThrownBy(() -> download("osx-aarch64").fetch())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no libtorch for cu128 on osx-aarch64");
    }
}
