package dev.slimelab.engine.device;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A libtorch for GPUs that was copied into SlimeLab's own folder, where no update of a Python
/// installation changes it:
///
/// ```
/// torch/2.7.1-cu128/manifest.json   version, flavour, where from, the size of each file
///                   SHA256SUMS      as sha256sum checks them
///                   torch/lib/      libtorch, and CUDA where it came along
///                   nvidia/*/lib/   CUDA, where pip keeps it apart
/// ```
///
/// @param folder `torch` in [UserFolders#data]
public record TorchPack(Path folder) {
    private static final String MANIFEST = "manifest.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Where the one that this engine needs lies.
    public Path path() {
        return folder.resolve(Libtorch.VERSION + "-" + Libtorch.CUDA);
    }

    public boolean isInstalled() {
        return Files.isDirectory(path());
    }

    /// The installed libtorch, after a look at the manifest and the size of every file.
    ///
    /// @throws Problem bad request: where something is missing, of another size, or of another
    ///   version
    public Libtorch open() {
        Map<String, Long> sizes = manifest();
        sizes.forEach(
                (name, size) -> {
                    Path file = path().resolve(name);
                    try {
                        if (!Files.isRegularFile(file) || Files.size(file) != size) {
                            throw damaged(name + " is missing or has another size");
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return Libtorch.in(path().resolve("torch"), "The GPU pack").requireCuda();
    }

    /// Reads every byte and compares it with what was installed.
    ///
    /// @return what is wrong, in words; null where nothing is
    public @Nullable String damage() {
        return AtomicFolder.damage(path());
    }

    /// Copies a libtorch, whole or not at all.
    ///
    /// @param from `torch` of a Python installation, an unzipped libtorch, or the zip of one
    /// @throws Problem bad request: where it is not the one that is needed, or one is installed;
    ///   failed: where the disk does not allow it
    public Libtorch install(Path from) {
        if (isInstalled()) {
            throw Problem.badRequest(
                    "A GPU pack is installed in %s.".formatted(path()),
                    "Use it, or delete that folder first.");
        }
        if (!Files.exists(from)) {
            throw Problem.badRequest(
                    "There is no %s.".formatted(from),
                    "Name the folder torch of a Python installation, or libtorch, unzipped or not.");
        }
        try {
            Files.createDirectories(folder);
            if (Files.isDirectory(from)) {
                copy(Libtorch.in(from, "--install-torch").requireCuda(), from);
            } else {
                installZip(from);
            }
        } catch (ProviderNotFoundException e) {
            throw Problem.badRequest(
                    from + " is neither a folder nor a zip.",
                    "Name the folder torch of a Python installation, or libtorch, unzipped or not.",
                    e);
        } catch (IOException e) {
            throw Problem.failed(
                    "%s could not be installed: %s.".formatted(from, e),
                    "Check that it is a whole zip, the free space, and the permissions.",
                    e);
        }
        return open();
    }

    /// Unzips beside the pack, because a library can only be judged and mapped as a file.
    private void installZip(Path zip) throws IOException {
        Path aside = folder.resolve("unzipped" + AtomicFolder.ASIDE);
        Disk.delete(aside);
        try (FileSystem inside = FileSystems.newFileSystem(zip)) {
            for (Path entry : libtorchIn(inside)) {
                Path file =
                        aside.resolve(entry.toString().contains("/lib/") ? "lib" : "")
                                .resolve(entry.getFileName().toString());
                Files.createDirectories(file.getParent());
                Files.copy(entry, file); // checks the zip's own sum
            }
            copy(Libtorch.in(aside, "--install-torch").requireCuda(), zip);
        } finally {
            Disk.delete(aside);
        }
    }

    /// The libraries of an archive, and what says its version: of `libtorch/` or `torch/`.
    private static List<Path> libtorchIn(FileSystem zip) throws IOException {
        try (Stream<Path> all = Files.walk(zip.getPath("/"), 3)) {
            return all.filter(Files::isRegularFile)
                    .filter(
                            file ->
                                    file.toString()
                                            .matches(
                                                    "/(lib)?torch/(lib/[^/]+|build-version|version\\.(py|txt))"))
                    .toList();
        }
    }

    private void copy(Libtorch from, Path source) {
        Path lib = from.libraries();
        Path site = lib.resolve("../..").normalize();
        Map<String, Path> files = new TreeMap<>();
        List<String> excluded = List.of(from.excluded().split(","));
        from.companions()
                .filter(file -> !excluded.contains(file.getFileName().toString()))
                .forEach(
                        file ->
                                files.put(
                                        file.startsWith(lib)
                                                ? "torch/lib/" + slashed(lib.relativize(file))
                                                : slashed(site.relativize(file)),
                                        file));
        AtomicFolder.writeWithSums(path(), aside -> write(from, source, files, aside));
    }

    private static void write(Libtorch from, Path source, Map<String, Path> files, Path aside) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        files.forEach(
                (name, file) -> {
                    Path copy = aside.resolve(name);
                    try {
                        Files.createDirectories(copy.getParent());
                        Files.copy(file, copy);
                        Disk.force(copy);
                        if (Files.mismatch(file, copy) >= 0) {
                            throw Problem.failed(
                                    "%s was not copied as it is.".formatted(file),
                                    "Check the disk and try again.");
                        }
                        sizes.put(name, Files.size(copy));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        AtomicFile.write(
                aside.resolve("torch/build-version"), from.version() + "+" + from.flavour() + "\n");
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("version", from.version());
        manifest.put("flavour", from.flavour());
        manifest.put("from", source.toAbsolutePath().toString());
        manifest.put("bytes", sizes);
        AtomicFile.write(
                aside.resolve(MANIFEST),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
    }

    private Map<String, Long> manifest() {
        try {
            JsonNode tree = JSON.readTree(Files.readString(path().resolve(MANIFEST)));
            Map<String, Long> sizes = new LinkedHashMap<>();
            tree.path("bytes")
                    .properties()
                    .forEach(file -> sizes.put(file.getKey(), file.getValue().asLong()));
            if (sizes.isEmpty()) {
                throw damaged(MANIFEST + " names no files");
            }
            return sizes;
        } catch (IOException | JacksonException _) {
            throw damaged(MANIFEST + " cannot be read");
        }
    }

    private Problem damaged(String how) {
        return Problem.badRequest(
                "The GPU pack in %s is damaged: %s.".formatted(path(), how),
                "Delete that folder and install it again with `slimelab doctor --install-torch"
                        + " FOLDER`.");
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }
}
