package dev.slimelab.engine.train;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.device.Gpu;
import dev.slimelab.engine.file.Sha256;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.model.Safetensors;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Log-probs of references on disk, found by everything they depend on, so that the runs of a grid
/// compute them once.
///
/// One safetensors file a reference and set of rows, named by the digest of both: a float64 tensor
/// `logps` with one number per completion token, row by row, and its SHA-256 as metadata. Files are
/// never changed; deleting them costs only time.
///
/// @param folder made if need be
record ReferenceCache(Path folder) {
    private static final String LOGPS = "logps";
    private static final String SUM = "sha256";

    /// The cache that the runs of one folder share.
    static ReferenceCache beside(Path run) {
        return new ReferenceCache(run.resolveSibling(".reference-logps"));
    }

    /// The name of what the policy of a spec says, before training, of these rows. Threads, the GPU
    /// and rows of a pass count, because they decide the last bits.
    static String key(RunSpec spec, Torch torch, List<Example> examples) {
        MessageDigest digest = Sha256.digest();
        RunSpec.Model model = spec.model();
        Object base = model.path() == null ? initialization(spec) : digests(model.path());
        String other = spec.reference().path();
        List<Gpu> gpus = torch.choice().gpus();
        List<Object> reference =
                List.of(
                        spec.reference().kind(),
                        base,
                        model.adapterPath() == null ? List.of() : digests(model.adapterPath()),
                        other == null ? List.of() : digests(other),
                        model.precision(),
                        torch.version() + (gpus.isEmpty() ? "" : " on " + gpus.getFirst().name()),
                        torch.threads(),
                        ObjectiveInputs.ROWS_PER_PASS);
        digest.update(JsonMapper.shared().writeValueAsBytes(reference));
        for (Example example : examples) {
            Row row = example.row();
            update(digest, row.prompt());
            row.completions().forEach(completion -> update(digest, completion));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Map<String, Object> initialization(RunSpec spec) {
        Map<String, Object> config = requireNonNull(spec.model().config());
        return Map.of("config", new TreeMap<>(config), "seed", spec.seeds().initialization());
    }

    /// Of everything in a model's or an adapter's folder that decides what it computes.
    private static List<String> digests(String folder) {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.toString().matches(".*(config\\.json|\\.safetensors)"))
                    .sorted()
                    .map(ReferenceCache::digest)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void update(MessageDigest digest, int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate((ids.length + 1) * Integer.BYTES);
        bytes.putInt(ids.length).asIntBuffer().put(ids);
        digest.update(bytes.array());
    }

    /// What was kept for these examples; null where nothing was, or it is damaged.
    ReferenceLogps.@Nullable Precomputed read(String key, List<Example> examples) {
        Path file = file(key);
        if (!Files.exists(file)) {
            return null;
        }
        try (Safetensors stored = Safetensors.open(file)) {
            ByteBuffer bytes = stored.bytes(LOGPS).order(ByteOrder.LITTLE_ENDIAN);
            if (!sum(bytes).equals(stored.metadata().get(SUM))) {
                return null;
            }
            DoubleBuffer logps = bytes.asDoubleBuffer();
            Map<Integer, double[][]> byExample = new TreeMap<>();
            for (Example example : examples) {
                List<int[]> completions = example.row().completions();
                double[][] row = new double[completions.size()][];
                for (int i = 0; i < row.length; i++) {
                    row[i] = new double[completions.get(i).length];
                    logps.get(row[i]);
                }
                byExample.put(example.index(), row);
            }
            return new ReferenceLogps.Precomputed(byExample);
        } catch (Problem damaged) {
            return null;
        }
    }

    /// Keeps what was computed. Written under a name of this process first, so that two runs may do
    /// so at once.
    void write(String key, List<Example> examples, ReferenceLogps.Precomputed computed) {
        double[] logps =
                examples.stream()
                        .flatMap(example -> Arrays.stream(computed.byExample(example)))
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
        ByteBuffer bytes =
                ByteBuffer.allocate(logps.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(logps);
        var content = new Safetensors.Content("F64", List.of((long) logps.length), bytes);
        Path aside = file(key + "-" + ProcessHandle.current().pid());
        Safetensors.write(aside, Map.of(LOGPS, content), Map.of(SUM, sum(bytes)));
        try {
            Files.move(aside, file(key), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ".safetensors");
    }

    private static String sum(ByteBuffer bytes) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }
}
