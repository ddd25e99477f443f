package dev.slimelab.engine.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Folders that look like a libtorch from outside: the right names, nothing inside.
final class FakeTorch {
    private static final List<String> OWN = List.of("torch", "torch_cpu", "c10");
    private static final List<String> FOR_GPUS = List.of("torch_cuda", "c10_cuda");
    private static final List<String> CUDA =
            List.of("cudart.so.12", "cublas.so.12", "cublasLt.so.12", "cudnn.so.9");

    private FakeTorch() {}

    /// What pip makes: `torch` with a version.py, and CUDA in packages of its own.
    static Path pip(Path site, String version, String cuda) {
        Path torch = site.resolve("torch");
        write(
                torch.resolve("version.py"),
                "__version__ = '%s'\ncuda: Optional[str] = '%s'\n".formatted(version, cuda));
        libraries(torch.resolve("lib"), true);
        write(torch.resolve("lib").resolve(System.mapLibraryName("torch_python")), "python");
        for (String name : CUDA) {
            write(
                    site.resolve("nvidia")
                            .resolve(name.substring(0, name.indexOf('.')))
                            .resolve("lib/lib" + name),
                    name);
        }
        return torch;
    }

    /// What a download for the CPU unzips to.
    static Path cpu(Path folder, String version) {
        write(folder.resolve("build-version"), version + "\n");
        libraries(folder.resolve("lib"), false);
        return folder;
    }

    /// What a download for GPUs unzips to.
    static Path unzipped(Path folder, String version) {
        cpu(folder, version);
        libraries(folder.resolve("lib"), true);
        for (String name : CUDA) {
            write(folder.resolve("lib/lib" + name), name);
        }
        return folder;
    }

    private static void libraries(Path lib, boolean forGpus) {
        List<String> names = new ArrayList<>(OWN);
        names.addAll(forGpus ? FOR_GPUS : List.of());
        names.forEach(name -> write(lib.resolve(System.mapLibraryName(name)), name));
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A driver's tool that prints these lines whatever it is asked.
    static NvidiaSmi smi(String... lines) {
        return new NvidiaSmi(
                List.of("sh", "-c", "printf '%s\\n' " + String.join(" ", quoted(lines))), null);
    }

    private static List<String> quoted(String... lines) {
        return Arrays.stream(lines).map(line -> "'" + line + "'").toList();
    }
}
