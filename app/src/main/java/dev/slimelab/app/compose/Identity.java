package dev.slimelab.app.compose;

import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Everything that decides what a model says of data: two specs with equal ones have the same
/// log-probs before training.
///
/// @param seed of random weights
/// @param sentences whether sentence starts are asked for
record Identity(
        RunSpec.Model model,
        RunSpec.Data data,
        RunSpec.ReferenceModel reference,
        long seed,
        boolean sentences) {
    static Identity of(RunSpec spec) {
        return new Identity(
                spec.model(),
                spec.data(),
                spec.reference(),
                spec.seeds().initialization(),
                spec.objective().needs().contains(Need.SENTENCES));
    }

    /// A name made of this and of the size and time of every file that it names.
    String key() {
        List<Object> parts = new ArrayList<>();
        parts.add(JsonMapper.shared().valueToTree(model));
        parts.add(JsonMapper.shared().valueToTree(data));
        parts.add(JsonMapper.shared().valueToTree(reference));
        parts.add(seed);
        parts.add(sentences);
        Stream.of(
                        model.path(),
                        model.tokenizerPath(),
                        model.adapterPath(),
                        data.path(),
                        data.template(),
                        reference.path())
                .forEach(path -> parts.addAll(files(path)));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] text = parts.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(digest.digest(text), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> files(@Nullable String path) {
        if (path == null || !Files.exists(Path.of(path))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(Path.of(path), 2)) {
            return files.filter(Files::isRegularFile).sorted().map(Identity::stamp).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return file + " " + attributes.size() + " " + attributes.lastModifiedTime();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
