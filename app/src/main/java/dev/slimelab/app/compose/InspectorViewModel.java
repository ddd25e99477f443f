package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Background.Job;
import dev.slimelab.app.library.ObjectiveName;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// The settings of runs on show, as their frozen specs state them: of one run all, of several those
/// that differ.
public final class InspectorViewModel {
    /// A run and its spec.
    public record Inspected(String name, RunSpec spec) {}

    /// A titled group of settings.
    public record Group(String title, List<Line> lines) {}

    /// A setting: its name, the letter that papers have for it, its value with unit, and its place
    /// in a spec.
    public record Line(String label, String symbol, String value, String path, String help) {}

    /// What the inspector says: the formula and all settings of one run, or what tells several
    /// apart.
    public record Content(List<String> runs, List<String> equations, List<Group> groups) {}

    private final Background background;
    private final Consumer<Problem> failed;
    private Job comparing = Job.NONE;
    private final ReadOnlyObjectWrapper<Content> content =
            new ReadOnlyObjectWrapper<>(new Content(List.of(), List.of(), List.of()));

    public InspectorViewModel(Background background, Consumer<Problem> failed) {
        this.background = background;
        this.failed = failed;
    }

    public ReadOnlyObjectProperty<Content> content() {
        return content.getReadOnlyProperty();
    }

    /// Compares them; what is asked for meanwhile counts.
    public void show(List<Inspected> runs) {
        comparing.cancel();
        comparing =
                background.run(
                        "",
                        () -> runs.size() == 1 ? whole(runs.getFirst()) : differences(runs),
                        next -> {
                            if (!next.equals(content.get())) {
                                content.set(next);
                            }
                        },
                        failed);
    }

    private static Content whole(Inspected run) {
        Map<String, List<Line>> groups = new LinkedHashMap<>();
        collect(run.spec(), "", "Run", groups);
        List<Group> list =
                groups.entrySet().stream()
                        .map(group -> new Group(group.getKey(), group.getValue()))
                        .toList();
        return new Content(List.of(run.name()), Equations.of(run.spec().objective()), list);
    }

    private static void collect(
            Record settings, String path, String title, Map<String, List<Line>> into) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Parameter parameter = Settings.parameter(component);
            Object value = Settings.value(component, settings);
            boolean absentTerm = value == null && settings instanceof Objective;
            if (parameter == null || (value == null && !absentTerm)) {
                continue;
            }
            String at = path.isEmpty() ? component.getName() : path + "." + component.getName();
            if (value instanceof Record nested) {
                if (component.getType().isSealed()) {
                    String kind = Settings.called(nested.getClass());
                    into.computeIfAbsent(title, _ -> new ArrayList<>())
                            .add(new Line(parameter.label(), "", kind, at, parameter.help()));
                }
                String below =
                        path.isEmpty() ? parameter.label() : title + " · " + parameter.label();
                collect(nested, at, below, into);
            } else {
                into.computeIfAbsent(title, _ -> new ArrayList<>())
                        .add(
                                new Line(
                                        parameter.label(),
                                        parameter.symbol(),
                                        text(value, parameter),
                                        at,
                                        parameter.help()));
            }
        }
    }

    private static String text(@Nullable Object value, Parameter parameter) {
        String text =
                switch (value) {
                    case null -> "off";
                    case Double number -> Numbers.shortest(number);
                    case Enum<?> constant -> Settings.called(constant);
                    case List<?> items ->
                            String.join(", ", items.stream().map(Objects::toString).toList());
                    case String words -> atHome(words);
                    default -> value.toString();
                };
        return value == null || parameter.unit().isEmpty() ? text : text + " " + parameter.unit();
    }

    /// A path below a person's home folder, as shells write it.
    private static String atHome(String words) {
        String home = System.getProperty("user.home") + File.separator;
        return words.startsWith(home)
                ? "~" + File.separator + words.substring(home.length())
                : words;
    }

    private static Content differences(List<Inspected> runs) {
        List<String> names = runs.stream().map(Inspected::name).toList();
        List<Group> groups = new ArrayList<>();
        List<String> objectives =
                runs.stream().map(run -> ObjectiveName.of(run.spec().objective())).toList();
        if (objectives.stream().distinct().count() > 1) {
            groups.add(new Group("Objective", byValue(names, objectives, "objective")));
        }
        SpecJson.differences(runs.stream().map(Inspected::spec).toList())
                .forEach(
                        (path, values) -> {
                            if (!path.equals("name") && !path.startsWith("objective.")) {
                                List<String> words =
                                        values.stream()
                                                .map(
                                                        value ->
                                                                value == null
                                                                                || value.equals(
                                                                                        "null")
                                                                        ? "none"
                                                                        : atHome(value))
                                                .toList();
                                groups.add(new Group(path, byValue(names, words, path)));
                            }
                        });
        return new Content(names, List.of(), groups);
    }

    /// One line per value, with the runs that have it.
    private static List<Line> byValue(List<String> names, List<String> values, String path) {
        Map<String, List<String>> runs = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            runs.computeIfAbsent(values.get(i), _ -> new ArrayList<>()).add(names.get(i));
        }
        return runs.entrySet().stream()
                .map(
                        value ->
                                new Line(
                                        value.getKey(),
                                        "",
                                        String.join(", ", value.getValue()),
                                        path,
                                        ""))
                .toList();
    }
}
