package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A folder of data files as the Hugging Face hub lays them out. The split is the name of a file
/// without its shard number, or of the folder where files are only numbered:
/// `data/train-00000-of-00002.parquet`, `train.jsonl.gz`, `default/train/0000.parquet`,
/// `harmless-base/train.jsonl.gz` (a split called `harmless-base/train`).
final class DatasetFolder {
    private static final Pattern DATA_FILE =
            Pattern.compile(
                    "(?<stem>[^.].*?)(-\\d{5}-of-\\d{5}(-[0-9a-f]+)?)?\\.(parquet|jsonl|json|csv|tsv)(\\.gz)?");

    /// Written beside the data by the `datasets` library, or about the dataset.
    private static final Pattern ABOUT =
            Pattern.compile("dataset_infos?\\.json|dataset_dict\\.json|state\\.json");

    private DatasetFolder() {}

    /// The files of a split, in order of their names.
    ///
    /// @throws Problem if there are no data files, or no such split
    static List<Path> files(Path folder, @Nullable String split) {
        Map<String, List<Path>> splits = splits(folder);
        if (splits.isEmpty()) {
            throw Problem.badRequest(
                    "The data folder " + folder + " holds no Parquet, JSON or CSV files.",
                    "Point data.path at a file of rows or at a dataset's folder; an Arrow cache can be written as Parquet with Dataset.to_parquet.");
        }
        String name = split != null ? split : obvious(splits);
        List<Path> files = name == null ? null : splits.get(name);
        if (files == null) {
            throw Problem.badRequest(
                    "The dataset %s has the splits %s%s."
                            .formatted(
                                    folder,
                                    String.join(", ", splits.keySet()),
                                    split == null ? "" : ", and none called " + split),
                    "Set data.trainSplit (or --split) to one of them.");
        }
        return files;
    }

    private static @Nullable String obvious(Map<String, List<Path>> splits) {
        if (splits.containsKey("train")) {
            return "train";
        }
        return splits.size() == 1 ? splits.keySet().iterator().next() : null;
    }

    private static Map<String, List<Path>> splits(Path folder) {
        Map<String, List<Path>> splits = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder, 4)) {
            all.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(
                            file -> {
                                String split = split(folder.relativize(file));
                                if (split != null) {
                                    splits.computeIfAbsent(split, _ -> new ArrayList<>()).add(file);
                                }
                            });
        } catch (IOException e) {
            throw ShardReader.unreadable(folder, e);
        }
        return splits;
    }

    private static @Nullable String split(Path file) {
        List<String> names = new ArrayList<>();
        file.forEach(name -> names.add(name.toString()));
        Matcher dataFile = DATA_FILE.matcher(names.removeLast());
        boolean hidden = names.stream().anyMatch(name -> name.startsWith("."));
        if (hidden
                || !dataFile.matches()
                || ABOUT.matcher(file.getFileName().toString()).matches()) {
            return null;
        }
        names.removeIf(name -> name.equals("data") || name.equals("default"));
        String stem = dataFile.group("stem");
        if (names.isEmpty() || !stem.matches("(part-)?\\d+")) {
            names.add(stem);
        }
        return String.join("/", names);
    }
}
