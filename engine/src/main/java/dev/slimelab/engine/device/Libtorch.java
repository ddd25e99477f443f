package dev.slimelab.engine.device;

import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A libtorch on the disk, by what its files say of themselves: a wrong one would load without
/// complaint and compute nonsense, so everything is read before anything is loaded.
///
/// @param libraries the folder of its shared libraries
/// @param version such as `2.7.1`
/// @param flavour `cpu`, or the CUDA it is built for, such as `cu128`
public record Libtorch(Path libraries, String version, String flavour) {
    /// The version that the JNI library is built for.
    public static final String VERSION = "2.7.1";

    /// The CUDA that the JNI library for GPUs is built for.
    public static final String CUDA = "cu128";

    public static final String CPU = "cpu";

    /// What to install, and how.
    static final String INSTALL =
            "Install torch %s for CUDA 12.8, for example with `pip install torch==%s --index-url"
                            .formatted(VERSION, VERSION)
                    + " https://download.pytorch.org/whl/cu128`, then run `slimelab doctor"
                    + " --install-torch FOLDER` with its site-packages/torch.";

    private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+(\\w+))?");
    private static final Pattern CUDA_NUMBER =
            Pattern.compile("^cuda\\b[^=\\n]*=\\s*['\"](\\d+)\\.(\\d+)", Pattern.MULTILINE);

    /// What stands before the version in libtorch_cpu: the producer's name of its ONNX export.
    private static final byte[] BEFORE_VERSION =
            "GraphEncoder\0".getBytes(StandardCharsets.US_ASCII);

    private static final int LONGEST_VERSION = 24;

    /// Files that say a version: of a Python package, of a download, of an older download.
    private static final List<String> SAYING =
            List.of("version.py", "build-version", "version.txt");

    /// Reads a folder.
    ///
    /// @param folder `torch` of a Python installation, an unzipped `libtorch`, or the folder of
    ///   libraries in either
    /// @param namedBy what names it, for refusals
    /// @throws Problem bad request: where it is no libtorch, or does not say which
    public static Libtorch in(Path folder, String namedBy) {
        Path given = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(given)) {
            throw Problem.badRequest(
                    "%s names %s, which is no folder.".formatted(namedBy, folder),
                    "Name the folder torch of a Python installation, or an unzipped libtorch.");
        }
        Path libraries = isLibraries(given) ? given : given.resolve("lib");
        if (!isLibraries(libraries)) {
            throw Problem.badRequest(
                    "%s names %s, which holds no libtorch: %s is missing."
                            .formatted(namedBy, folder, library("torch_cpu")),
                    "Name the folder torch of a Python installation, or an unzipped libtorch.");
        }
        String said = said(libraries);
        Matcher number = NUMBER.matcher(said);
        String version = number.find() ? number.group(1) : versionInside(libraries);
        if (version == null) {
            throw Problem.badRequest(
                    "%s names %s, which does not say what version it is: neither %s nor the library"
                                    .formatted(namedBy, folder, String.join(", ", SAYING))
                            + " itself.",
                    INSTALL);
        }
        return new Libtorch(libraries, version, flavour(libraries, said));
    }

    /// Refuses any but the version that the JNI library is built for.
    ///
    /// @throws Problem bad request: with both versions
    Libtorch requireVersion() {
        if (!version.equals(VERSION)) {
            throw Problem.badRequest(
                    "%s is libtorch %s, but this engine needs %s: another one loads and computes"
                                    .formatted(libraries, version, VERSION)
                            + " nonsense.",
                    INSTALL);
        }
        return this;
    }

    /// Refuses any that cannot drive a GPU with the JNI library there is.
    ///
    /// @throws Problem bad request: with the version, the flavour, or what is missing
    Libtorch requireCuda() {
        requireVersion();
        if (!flavour.equals(CUDA)) {
            throw Problem.badRequest(
                    "%s is libtorch %s for %s, but this engine's library for GPUs is built for %s."
                            .formatted(libraries, version, flavour, CUDA),
                    INSTALL);
        }
        List<String> missing =
                Stream.of("torch", "torch_cuda", "c10", "c10_cuda")
                        .map(Libtorch::library)
                        .filter(name -> Files.notExists(libraries.resolve(name)))
                        .toList();
        List<String> absent = new ArrayList<>(missing);
        List<String> present = companions().map(file -> file.getFileName().toString()).toList();
        for (String name : List.of("cudart", "cublas", "cublasLt", "cudnn")) {
            Pattern any = Pattern.compile(stem(name) + "(64)?[-_.\\d].*");
            if (present.stream().noneMatch(file -> any.matcher(file).matches())) {
                absent.add(stem(name));
            }
        }
        if (!absent.isEmpty()) {
            throw Problem.badRequest(
                    "%s lacks %s.".formatted(libraries, String.join(", ", absent)), INSTALL);
        }
        return this;
    }

    boolean isForGpus() {
        return !flavour.equals(CPU);
    }

    /// Libraries that Python needs and Java cannot load, as DJL wants them named.
    public String excluded() {
        return Stream.of(
                        "torch_python",
                        "shm",
                        "backend_with_compiler",
                        "jitbackend_test",
                        "torchbind_test",
                        "aoti_custom_ops")
                .map(Libtorch::library)
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
    }

    /// Every library it comes with: its own, and CUDA's, which pip puts in packages beside `torch`.
    Stream<Path> companions() {
        return companions(libraries);
    }

    private static Stream<Path> companions(Path libraries) {
        Path nvidia = libraries.resolve("../../nvidia").normalize();
        return Stream.of(libraries, nvidia)
                .filter(Files::isDirectory)
                .flatMap(folder -> Disk.files(folder).stream())
                .filter(Libtorch::isLibrary);
    }

    static boolean isLibrary(Path file) {
        return file.getFileName().toString().matches(".*\\.(so(\\.\\d+)*|dll|dylib)");
    }

    private static boolean isLibraries(Path folder) {
        return Files.isRegularFile(folder.resolve(library("torch_cpu")));
    }

    static String library(String name) {
        return System.mapLibraryName(name);
    }

    /// The name without its suffix.
    private static String stem(String name) {
        return library(name).replaceFirst("\\.\\w+$", "");
    }

    private static String said(Path libraries) {
        for (Path folder : List.of(libraries, libraries.resolve("..").normalize())) {
            for (String name : SAYING) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }
        return "";
    }

    /// `+cu128` behind the version, or `cuda = '12.8'` beside it, or else the CUDA compiler's
    /// library that it comes with.
    private static String flavour(Path libraries, String said) {
        if (Files.notExists(libraries.resolve(library("torch_cuda")))) {
            return CPU;
        }
        Matcher number = NUMBER.matcher(said);
        String local = number.find() ? number.group(2) : null;
        if (local != null && local.matches("cu\\d+")) {
            return local;
        }
        Matcher cuda = CUDA_NUMBER.matcher(said);
        if (cuda.find()) {
            return "cu" + cuda.group(1) + cuda.group(2);
        }
        Pattern builtins = Pattern.compile(".*nvrtc-builtins[^.]*\\.so\\.(\\d+)\\.(\\d+).*");
        return companions(libraries)
                .map(file -> builtins.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(found -> "cu" + found.group(1) + found.group(2))
                .findFirst()
                .orElse("an unknown CUDA");
    }

    /// The version in libtorch_cpu's own constants; null where it is not where it always was.
    private static @Nullable String versionInside(Path libraries) {
        Path file = libraries.resolve(library("torch_cpu"));
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long last = bytes.byteSize() - BEFORE_VERSION.length - LONGEST_VERSION;
            for (long at = 0; at < last; at++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, at) == BEFORE_VERSION[0]
                        && startsHere(bytes, at)) {
                    byte[] after =
                            bytes.asSlice(at + BEFORE_VERSION.length, LONGEST_VERSION)
                                    .toArray(ValueLayout.JAVA_BYTE);
                    Matcher number = NUMBER.matcher(new String(after, StandardCharsets.ISO_8859_1));
                    if (number.lookingAt()) {
                        return number.group(1);
                    }
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean startsHere(MemorySegment bytes, long at) {
        for (int i = 1; i < BEFORE_VERSION.length; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at + i) != BEFORE_VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    /// For a person: version and flavour.
    @Override
    public String toString() {
        return version + " for " + flavour;
    }
}
