package dev.slimelab.engine.device;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// The libtorch for GPUs that the DJL project publishes, in DJL's own cache folder.
///
/// DJL itself downloads only where no libtorch is in its class path, and this program brings the
/// CPU's. So the same files are fetched here, whole or not at all, and only where a person allows
/// it.
///
/// @param from the folder that holds `files.txt`, whose lines name compressed files below it
/// @param system as DJL calls it, such as `linux-x86_64`
public record TorchDownload(URI from, Path folder, String system) {
    private static final String ENDING = ".gz";

    static TorchDownload into(Path cache) {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system =
                (os.startsWith("windows") ? "win" : os.startsWith("mac") ? "osx" : "linux")
                        + "-"
                        + (arch.equals("amd64") ? "x86_64" : arch);
        return new TorchDownload(
                URI.create("https://publish.djl.ai/pytorch/" + Libtorch.VERSION + "/"),
                cache.resolve("pytorch")
                        .resolve("%s-%s-%s".formatted(Libtorch.VERSION, Libtorch.CUDA, system)),
                system);
    }

    /// DJL keeps its JNI library in the same folder, before any libtorch is there.
    boolean isThere() {
        return Files.isRegularFile(folder.resolve(Libtorch.library("torch_cpu")));
    }

    /// @throws Problem bad request: where what is there is not what is needed
    Libtorch open() {
        return Libtorch.in(folder, "DJL's cache").requireCuda();
    }

    /// Downloads it, unless it is there.
    ///
    /// @throws Problem failed: where the network or the disk does not allow it, or nothing is
    ///   published for this system
    Libtorch fetch() {
        if (isThere()) {
            return open();
        }
        try {
            String prefix = Libtorch.CUDA + "/" + system + "/native/lib/";
            List<String> files = lines().stream().filter(l -> l.startsWith(prefix)).toList();
            if (files.isEmpty()) {
                throw Problem.failed(
                        "%sfiles.txt names no libtorch for %s on %s."
                                .formatted(from, Libtorch.CUDA, system),
                        Libtorch.INSTALL);
            }
            Files.createDirectories(folder.getParent());
            Disk.delete(folder); // at most the JNI library, which DJL unpacks again
            AtomicFolder.write(folder, aside -> files.forEach(file -> fetch(file, aside)));
            return open();
        } catch (IOException e) {
            throw Problem.failed(
                    "libtorch could not be downloaded from %s: %s.".formatted(from, e),
                    "Check the network, or: " + Libtorch.INSTALL,
                    e);
        }
    }

    private List<String> lines() throws IOException {
        try (InputStream stream = from.resolve("files.txt").toURL().openStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private void fetch(String name, Path into) {
        String file =
                URLDecoder.decode(
                        name.substring(name.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
        String plain =
                file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
        try (InputStream stream = new GZIPInputStream(from.resolve(name).toURL().openStream())) {
            Path target = into.resolve(plain);
            Files.copy(stream, target);
            Disk.force(target);
        } catch (IOException e) {
            throw Problem.failed(
                    "%s could not be downloaded: %s.".formatted(from.resolve(name), e),
                    "Check the network, or: " + Libtorch.INSTALL,
                    e);
        }
        if (plain.equals(Libtorch.library("torch_cpu"))) {
            // DJL's folder does not say; the library was published under this version and flavour.
            AtomicFile.write(
                    into.resolve("build-version"),
                    Libtorch.VERSION + "+" + Libtorch.CUDA + System.lineSeparator());
        }
    }
}
