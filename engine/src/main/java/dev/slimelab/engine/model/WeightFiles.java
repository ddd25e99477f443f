package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The weights of a Hugging Face folder: `model.safetensors`, or the files that
/// `model.safetensors.index.json` lists.
public final class WeightFiles implements AutoCloseable {
    static final String WHOLE = "model.safetensors";
    private static final String INDEX = WHOLE + ".index.json";

    private final Path folder;
    private final Map<Path, Safetensors> files = new LinkedHashMap<>();
    private final Map<String, Safetensors> byTensor = new LinkedHashMap<>();

    private WeightFiles(Path folder) {
        this.folder = folder;
    }

    /// Maps all files read-only.
    ///
    /// @throws Problem naming the file, and the tensor where there is one, when something is
    ///   missing, cut short, or contradicts itself
    static WeightFiles open(Path folder) {
        var weights = new WeightFiles(folder);
        try {
            for (Path path : in(folder)) {
                Safetensors file = Safetensors.open(path);
                weights.files.put(path, file);
                for (String name : file.names()) {
                    if (weights.byTensor.put(name, file) != null) {
                        throw broken(folder, "two of its files hold tensor %s".formatted(name));
                    }
                }
            }
            weights.checkIndex();
            return weights;
        } catch (Problem e) {
            weights.close();
            throw e;
        }
    }

    /// The weight files of a folder, each once, in the order of their names.
    ///
    /// @throws Problem where there are none, or the index names something that is no file beside it
    public static List<Path> in(Path folder) {
        if (Files.isRegularFile(folder.resolve(WHOLE))) {
            return List.of(folder.resolve(WHOLE));
        }
        if (!Files.isRegularFile(folder.resolve(INDEX))) {
            throw Problem.badRequest(
                    "The model folder %s has neither %s nor %s.".formatted(folder, WHOLE, INDEX),
                    "Name a Hugging Face folder whose weights are safetensors.");
        }
        return index(folder).values().stream()
                .distinct()
                .sorted()
                .map(
                        name -> {
                            Path file = folder.resolve(name);
                            if (!folder.equals(file.getParent()) || !Files.isRegularFile(file)) {
                                throw broken(
                                        folder,
                                        "%s names %s, which is no file beside it"
                                                .formatted(INDEX, name));
                            }
                            return file;
                        })
                .toList();
    }

    /// Which file holds which tensor.
    private static Map<String, String> index(Path folder) {
        JsonNode map;
        try {
            map = JsonMapper.shared().readTree(folder.resolve(INDEX)).path("weight_map");
        } catch (JacksonException e) {
            throw broken(
                    folder, "%s is no valid JSON (%s)".formatted(INDEX, e.getOriginalMessage()));
        }
        if (!map.isObject() || map.isEmpty()) {
            throw broken(folder, INDEX + " has no weight_map");
        }
        Map<String, String> files = new LinkedHashMap<>();
        for (var entry : map.properties()) {
            files.put(entry.getKey(), entry.getValue().asString(""));
        }
        return files;
    }

    private void checkIndex() {
        if (Files.isRegularFile(folder.resolve(WHOLE))) {
            return;
        }
        index(folder)
                .forEach(
                        (tensor, name) -> {
                            Safetensors file = byTensor.get(tensor);
                            if (file == null || !file.file().equals(folder.resolve(name))) {
                                throw broken(
                                        folder,
                                        "%s says that tensor %s is in %s, but it is not"
                                                .formatted(INDEX, tensor, name));
                            }
                        });
    }

    private static Problem broken(Path folder, String why) {
        return Problem.badRequest(
                "The weights in %s do not fit together: %s.".formatted(folder, why),
                "Download or export the model again.");
    }

    Path folder() {
        return folder;
    }

    Set<String> names() {
        return byTensor.keySet();
    }

    /// The file that holds a tensor.
    Safetensors holding(String name) {
        Safetensors file = byTensor.get(name);
        if (file == null) {
            throw Problem.badRequest(
                    "The weights in %s have no tensor %s.".formatted(folder, name),
                    "Check that they belong to the config.json beside them.");
        }
        return file;
    }

    @Override
    public void close() {
        files.values().forEach(Safetensors::close);
    }
}
