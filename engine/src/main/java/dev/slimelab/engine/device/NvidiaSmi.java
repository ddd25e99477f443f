package dev.slimelab.engine.device;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The driver's own tool, which says what GPUs there are without loading anything into this
/// process.
///
/// @param command how it is called
/// @param visible the value of `CUDA_VISIBLE_DEVICES`; null where that is not set
public record NvidiaSmi(List<String> command, @Nullable String visible) {
    private static final long PATIENCE_SECONDS = 20;
    private static final double MEBIBYTE = 1 << 20;

    /// The GPUs there are.
    ///
    /// @param whyNone why there is none, as the second half of a sentence; empty where there is one
    public record Answer(List<Gpu> gpus, String whyNone) {
        /// The GPU of a number; null where there is none.
        public @Nullable Gpu gpu(int index) {
            return gpus.stream().filter(gpu -> gpu.index() == index).findFirst().orElse(null);
        }
    }

    /// The one in the path of this process.
    static NvidiaSmi here() {
        return new NvidiaSmi(List.of("nvidia-smi"), System.getenv("CUDA_VISIBLE_DEVICES"));
    }

    /// Whether the tool is there, and so probably a driver. Starts nothing.
    boolean isThere() {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, command.getFirst()))
                        .anyMatch(Files::isExecutable);
    }

    /// Every GPU this process may use.
    public Answer gpus() {
        Said said = ask("--query-gpu=uuid,name,memory.total,driver_version,compute_cap");
        if (said.problem != null) {
            return new Answer(List.of(), said.problem);
        }
        List<String[]> lines = said.lines();
        List<Gpu> gpus = new ArrayList<>();
        for (int place : places(lines)) {
            String[] line = lines.get(place);
            gpus.add(
                    new Gpu(
                            gpus.size(),
                            line[0],
                            line[1],
                            Math.round(number(line[2]) * MEBIBYTE),
                            line[3],
                            number(line[4])));
        }
        String why =
                lines.isEmpty()
                        ? "nvidia-smi lists no GPU"
                        : "CUDA_VISIBLE_DEVICES is \"" + visible + "\", which leaves none";
        return new Answer(gpus, gpus.isEmpty() ? why : "");
    }

    /// Memory in use on a GPU, of all processes together, in bytes; NaN where the driver does not
    /// say.
    public double usedBytes(Gpu gpu) {
        Said said = ask("--query-gpu=memory.used", "--id=" + gpu.uuid());
        List<String[]> lines = said.lines();
        double used = lines.size() == 1 ? number(lines.getFirst()[0]) : 0;
        return used > 0 ? used * MEBIBYTE : Double.NaN;
    }

    /// Which of the listed GPUs libtorch sees, in its order. As CUDA has it, the first name that
    /// means nothing ends the list.
    private List<Integer> places(List<String[]> lines) {
        List<Integer> places = new ArrayList<>();
        if (visible == null) {
            for (int i = 0; i < lines.size(); i++) {
                places.add(i);
            }
            return places;
        }
        for (String word : visible.split(",", -1)) {
            int place = place(word.strip(), lines);
            if (place < 0) {
                break;
            }
            places.add(place);
        }
        return places;
    }

    private static int place(String word, List<String[]> lines) {
        if (word.matches("\\d{1,3}")) {
            int number = Integer.parseInt(word);
            return number < lines.size() ? number : -1;
        }
        for (int i = 0; i < lines.size(); i++) {
            if (word.startsWith("GPU-") && lines.get(i)[0].startsWith(word)) {
                return i;
            }
        }
        return -1;
    }

    /// What the tool printed, or why it did not.
    private record Said(String text, @Nullable String problem) {
        List<String[]> lines() {
            return Stream.of(text.split("\\R", -1))
                    .filter(line -> problem == null && !line.isBlank())
                    .map(line -> line.split(",", -1))
                    .map(cells -> Arrays.stream(cells).map(String::strip).toArray(String[]::new))
                    .toList();
        }
    }

    private Said ask(String... query) {
        List<String> full = new ArrayList<>(command);
        full.addAll(List.of(query));
        full.add("--format=csv,noheader,nounits");
        try {
            Process process = new ProcessBuilder(full).redirectErrorStream(true).start();
            // Read beside the wait, so that neither a full pipe nor a hanging driver holds us.
            CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> all(process));
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Said("", "nvidia-smi did not answer within a third of a minute");
            }
            return process.exitValue() == 0
                    ? new Said(text.join(), null)
                    : new Said(
                            "",
                            "nvidia-smi says \""
                                    + text.join().lines().findFirst().orElse("nothing").strip()
                                    + "\"");
        } catch (IOException _) {
            return new Said("", "there is no nvidia-smi, so no NVIDIA driver");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Said("", "the question to nvidia-smi was interrupted");
        }
    }

    private static String all(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// 0 where the driver says that it does not say.
    private static double number(String cell) {
        return cell.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(cell) : 0;
    }
}
