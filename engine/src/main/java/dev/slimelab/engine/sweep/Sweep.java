package dev.slimelab.engine.sweep;

import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Which runs are to be made: a base spec, what varies, and over which seeds.
///
/// ```
/// { "name": "exponent", "base": "spec.json",
///   "grid": { "objective.stabiliser.p": [1, 1.5, 2, 2.5, 3] }, "seeds": [0, 1, 2] }
/// ```
///
/// docs/ablations.md has every key.
public final class Sweep {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_RUNS = 10_000;

    private static final Set<String> KEYS =
            Set.of("name", "base", "seeds", "seedPaths", "stages", "choose");
    private static final Set<String> STAGE_KEYS = Set.of("variants", "grid", "random");

    /// Which row of a stage the next one starts from.
    ///
    /// @param metric by its mean over seeds, the last value of each run
    public record Choice(String metric, boolean highest) {}

    /// A row of a table to be: a base spec with changes, for every seed.
    ///
    /// @param changes as `path=value`
    public record Point(String label, List<String> changes) {
        Point then(Point other) {
            return new Point(
                    label.isEmpty() || other.label.isEmpty()
                            ? label + other.label
                            : label + ", " + other.label,
                    Stream.concat(changes.stream(), other.changes.stream()).toList());
        }
    }

    /// One run to be made.
    ///
    /// @param folder its name below the sweep's
    public record Planned(String folder, int stage, Point point, long seed, RunSpec spec) {}

    private final String name;
    private final ObjectNode tree;
    private final Path folder;
    private final RunSpec base;
    private final List<Long> seeds;
    private final List<String> seedPaths;
    private final List<List<Point>> stages;
    private final Choice choice;

    private Sweep(ObjectNode tree, Path folder, String where) {
        List<String> known = Stream.concat(KEYS.stream(), STAGE_KEYS.stream()).sorted().toList();
        requireKnown(tree, known, where);
        this.tree = tree;
        this.folder = folder;
        this.name = tree.path("name").asString("sweep");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw Problem.badRequest(
                    where + ": name is \"" + name + "\", which cannot be a folder.",
                    "Use letters, digits, dots, dashes and underscores.");
        }
        this.base = base(tree, folder, where);
        this.seeds = seeds(tree, where);
        this.seedPaths = seedPaths(tree, where);
        this.choice = choice(tree, where);
        this.stages = stages(tree, where);
        checkAll(where);
    }

    /// Reads a sweep file, and builds every run of it, so that whatever is wrong is said before
    /// anything is written.
    ///
    /// @throws Problem bad request: with file, path, the value seen and the nearest known one
    public static Sweep read(Path file) {
        return of(SpecJson.readTree(file), SpecJson.folder(file), file.getFileName().toString());
    }

    /// The same from a tree.
    ///
    /// @param folder what relative paths are relative to
    /// @param where names it in refusals
    public static Sweep of(ObjectNode tree, Path folder, String where) {
        return new Sweep(tree, folder, where);
    }

    public String name() {
        return name;
    }

    public RunSpec base() {
        return base;
    }

    public List<Long> seeds() {
        return seeds;
    }

    public Choice choice() {
        return choice;
    }

    public int stages() {
        return stages.size();
    }

    /// What it says, with the base written out and its file paths relative to a folder that it will
    /// stand in.
    public String text(Path into) {
        ObjectNode whole = tree.deepCopy();
        whole.set("base", JSON.readTree(SpecJson.text(base, into)));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(whole) + "\n";
    }

    /// The runs of a stage: row by row, the seeds of a row one after the other.
    ///
    /// @param from the row that the stage starts from; [#START] for the first
    public List<Planned> plan(int stage, Point from) {
        List<Planned> runs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Point point : stages.get(stage)) {
            Point whole = from.then(point);
            String row = whole.label.isEmpty() ? "base" : whole.label;
            String slug = (stage == 0 ? "" : "stage" + (stage + 1) + "-") + slug(row);
            String free = slug;
            for (int i = 2; !taken.add(free); i++) {
                free = slug + "-" + i;
            }
            for (long seed : seeds) {
                String run = free + "-seed" + seed;
                runs.add(
                        new Planned(
                                run,
                                stage,
                                new Point(row, whole.changes),
                                seed,
                                spec(whole, seed, run)));
            }
        }
        return runs;
    }

    /// What the first stage starts from: the base as it is.
    public static final Point START = new Point("", List.of());

    private RunSpec spec(Point point, long seed, String run) {
        List<String> changes = new ArrayList<>(point.changes);
        seedPaths.forEach(path -> changes.add(path + "=" + seed));
        changes.add("name=\"" + run + "\"");
        return SpecJson.changed(base, changes, folder);
    }

    private void checkAll(String where) {
        int all = 0;
        Point from = START;
        for (int stage = 0; stage < stages.size(); stage++) {
            all += stages.get(stage).size() * seeds.size();
            if (all > MOST_RUNS) {
                throw Problem.badRequest(
                        where + ": these are more than " + MOST_RUNS + " runs.",
                        "Vary less, or draw at random.");
            }
            for (Point point : stages.get(stage)) {
                check(from.then(point), where);
            }
            from = from.then(stages.get(stage).getFirst());
        }
    }

    private void check(Point point, String where) {
        try {
            for (String path : seedPaths) {
                SpecJson.changed(base, List.of(path + "=0"), folder);
            }
            spec(point, seeds.getFirst(), "check");
        } catch (Problem problem) {
            String remedy =
                    Stream.concat(
                                    point.changes.stream().map(c -> c.substring(0, c.indexOf('='))),
                                    seedPaths.stream())
                            .filter(path -> problem.what().contains("is not a setting"))
                            .filter(path -> !SpecJson.values(base).containsKey(path))
                            .filter(
                                    path ->
                                            problem.what()
                                                    .contains('"' + prefix(problem, path) + '"'))
                            .findFirst()
                            .map(
                                    path ->
                                            "Did you mean \""
                                                    + SpecJson.nearestPath(base, path)
                                                    + "\"?")
                            .orElse(problem.remedy());
            String row = point.label.isEmpty() ? "" : " (" + point.label + ")";
            throw Problem.badRequest(where + row + ": " + problem.what(), remedy, problem);
        }
    }

    /// How much of a path a refusal names.
    private static String prefix(Problem problem, String path) {
        String prefix = path;
        while (prefix.contains(".") && !problem.what().contains('"' + prefix + '"')) {
            prefix = prefix.substring(0, prefix.lastIndexOf('.'));
        }
        return prefix;
    }

    private static RunSpec base(ObjectNode tree, Path folder, String where) {
        JsonNode base = tree.path("base");
        if (base.isString()) {
            return SpecJson.read(folder.resolve(base.stringValue()), List.of());
        }
        if (base instanceof ObjectNode spec) {
            try {
                return SpecJson.fromTree(spec, folder);
            } catch (Problem problem) {
                throw Problem.badRequest(
                        where + ": base: " + problem.what(), problem.remedy(), problem);
            }
        }
        throw Problem.badRequest(
                where + (base.isMissingNode() ? " has no base." : ": base is " + base + "."),
                "Name a spec file: \"base\": \"spec.json\".");
    }

    private static List<Long> seeds(ObjectNode tree, String where) {
        JsonNode given = tree.path("seeds");
        if (given.isMissingNode()) {
            return List.of(0L);
        }
        List<Long> seeds = new ArrayList<>();
        if (given instanceof ArrayNode list) {
            for (JsonNode seed : list) {
                if (seed.isIntegralNumber() && seed.longValue() >= 0) {
                    seeds.add(seed.longValue());
                }
            }
            if (!seeds.isEmpty()
                    && seeds.size() == list.size()
                    && new HashSet<>(seeds).size() == seeds.size()) {
                return List.copyOf(seeds);
            }
        }
        throw Problem.badRequest(
                where + ": seeds is " + given + ", but must be different whole numbers.",
                "Write it as [0, 1, 2].");
    }

    private List<String> seedPaths(ObjectNode tree, String where) {
        if (tree.path("seedPaths") instanceof ArrayNode given
                && given.values().stream().allMatch(JsonNode::isString)) {
            return given.values().stream().map(JsonNode::stringValue).toList();
        }
        if (tree.has("seedPaths")) {
            throw Problem.badRequest(
                    where
                            + ": seedPaths is "
                            + tree.get("seedPaths")
                            + ", but must be a list of paths.",
                    "Write it as [\"seeds.order\"].");
        }
        // A file's data seed decides what is held out: results of other rows would not compare.
        return base.data().isTinyLab()
                ? List.of("seeds.initialization", "seeds.order", "data.seed")
                : List.of("seeds.initialization", "seeds.order");
    }

    private static Choice choice(ObjectNode tree, String where) {
        if (!(tree.path("choose") instanceof ObjectNode choose)) {
            if (tree.path("stages").size() > 1) {
                throw Problem.badRequest(
                        where + " has stages, but does not say which row the next one starts from.",
                        "Add \"choose\": {\"metric\": \"eval/loss\", \"goal\": \"lowest\"}.");
            }
            return new Choice("score/greedy", true);
        }
        requireKnown(choose, List.of("metric", "goal"), where + ": choose");
        String goal = choose.path("goal").asString("");
        if (!choose.path("metric").isString() || !Set.of("highest", "lowest").contains(goal)) {
            throw Problem.badRequest(
                    where + ": choose is " + choose + ".",
                    "Write it as {\"metric\": \"eval/loss\", \"goal\": \"lowest\"}.");
        }
        return new Choice(choose.get("metric").stringValue(), goal.equals("highest"));
    }

    private static List<List<Point>> stages(ObjectNode tree, String where) {
        if (!tree.has("stages")) {
            return List.of(points(tree, where));
        }
        if (STAGE_KEYS.stream().anyMatch(tree::has)) {
            throw Problem.badRequest(
                    where + " has both stages and something that varies outside them.",
                    "Move it into a stage.");
        }
        List<List<Point>> stages = new ArrayList<>();
        for (JsonNode stage : tree.get("stages")) {
            String at = where + ": stages[" + stages.size() + "]";
            if (!(stage instanceof ObjectNode object)) {
                throw Problem.badRequest(at + " is " + stage + ".", "Write {\"grid\": {…}}.");
            }
            requireKnown(object, List.copyOf(STAGE_KEYS), at);
            stages.add(points(object, at));
        }
        if (stages.isEmpty()) {
            throw Problem.badRequest(where + " has no stages.", "Add one, or use grid.");
        }
        return stages;
    }

    private static List<Point> points(ObjectNode stage, String where) {
        List<Point> points = variants(stage, where);
        if (!(stage.path("grid") instanceof ObjectNode grid)) {
            if (stage.has("grid") || stage.has("random")) {
                throw Problem.badRequest(
                        where
                                + (stage.has("grid")
                                        ? ": grid is no object."
                                        : ": random has no grid."),
                        "Write \"grid\": {\"objective.stabiliser.p\": [1, 2]}.");
            }
            return points;
        }
        Map<String, Axis> axes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : grid.properties()) {
            String at = where + ": grid." + entry.getKey();
            axes.put(entry.getKey(), Axis.parse(entry.getKey(), entry.getValue(), at));
        }
        return stage.has("random")
                ? drawn(points, axes, stage.get("random"), where)
                : product(points, axes, where);
    }

    private static List<Point> product(List<Point> points, Map<String, Axis> axes, String where) {
        List<Point> all = points;
        for (Axis axis : axes.values()) {
            if (axis.continuous()) {
                throw Problem.badRequest(
                        where + ": grid." + axis.path() + " has neither step nor points.",
                        "Add one of them, or \"random\": {\"points\": 20}.");
            }
            all =
                    all.stream()
                            .flatMap(
                                    point ->
                                            axis.values().stream()
                                                    .map(value -> point.then(point(axis, value))))
                            .toList();
            if (all.size() > MOST_RUNS) {
                break; // refused later, with all stages counted
            }
        }
        return all;
    }

    private static List<Point> drawn(
            List<Point> points, Map<String, Axis> axes, JsonNode random, String where) {
        if (!(random instanceof ObjectNode how)
                || !how.path("points").canConvertToInt()
                || how.get("points").intValue() < 1
                || how.get("points").intValue() > MOST_RUNS) {
            throw Problem.badRequest(
                    where + ": random is " + random + ".",
                    "Write it as {\"points\": 20, \"seed\": 0}.");
        }
        requireKnown(how, List.of("points", "seed"), where + ": random");
        SplitMix64 draws = SplitMix64.named(how.path("seed").asLong(0), "sweep");
        List<Point> all = new ArrayList<>();
        for (int i = 0; i < how.get("points").intValue(); i++) {
            Point point = points.get(i % points.size());
            for (Axis axis : axes.values()) {
                point = point.then(point(axis, axis.draw(draws)));
            }
            all.add(point);
        }
        return all;
    }

    private static Point point(Axis axis, JsonNode value) {
        return new Point(axis.label(value), List.of(axis.path() + "=" + value));
    }

    private static List<Point> variants(ObjectNode stage, String where) {
        if (!stage.has("variants")) {
            return List.of(START);
        }
        List<Point> variants = new ArrayList<>();
        for (JsonNode variant : stage.get("variants")) {
            String at = where + ": variants[" + variants.size() + "]";
            if (!(variant instanceof ObjectNode object) || !object.path("name").isString()) {
                throw Problem.badRequest(
                        at + " has no name.",
                        "Write it as {\"name\": \"w/o soft\", \"set\": {\"objective\": …}}.");
            }
            requireKnown(object, List.of("name", "set"), at);
            List<String> changes = new ArrayList<>();
            for (Map.Entry<String, JsonNode> change : object.path("set").properties()) {
                changes.add(change.getKey() + "=" + change.getValue());
            }
            variants.add(new Point(object.get("name").stringValue(), changes));
        }
        if (variants.isEmpty()) {
            throw Problem.badRequest(where + ": variants is empty.", "Add one, or leave it out.");
        }
        return variants;
    }

    private static void requireKnown(ObjectNode object, List<String> known, String where) {
        for (String key : object.propertyNames()) {
            if (!known.contains(key)) {
                throw Problem.badRequest(
                        where + ": \"" + key + "\" is not a key of a sweep.",
                        "Did you mean \""
                                + Nearest.to(key, known)
                                + "\"? Known here: "
                                + String.join(", ", known)
                                + ".");
            }
        }
    }

    private static String slug(String label) {
        String slug =
                label.replace("w/o", "without")
                        .replace(" = ", "-")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9.]+", "-")
                        .replaceAll("^[-.]+|[-.]+$", "");
        return slug.isEmpty() ? "run" : slug.substring(0, Math.min(slug.length(), 60));
    }
}
