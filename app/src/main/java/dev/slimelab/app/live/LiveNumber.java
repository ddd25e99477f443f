package dev.slimelab.app.live;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.spec.RunSpec;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/// A number that an engine lets a person change while a run goes on: the learning rate, and every
/// number of the objective.
///
/// @param path as in a spec
/// @param group the slot of the objective it belongs to, as a word
/// @param value as it holds, edits included
record LiveNumber(String path, String group, Parameter parameter, double value) {
    private static final String LEARNING_RATE = "optimization.learningRate";

    /// @param events of the run, with the edits made so far
    static List<LiveNumber> of(RunSpec spec, List<RunEvent> events) {
        List<LiveNumber> numbers = new ArrayList<>();
        for (RecordComponent component : RunSpec.Optimization.class.getRecordComponents()) {
            String path = "optimization." + component.getName();
            if (path.equals(LEARNING_RATE)) {
                add(numbers, spec.optimization(), component, path, "optimisation");
            }
        }
        collect(numbers, spec.objective(), "objective", "objective");
        return numbers.stream().map(number -> number.edited(events)).toList();
    }

    private static void collect(List<LiveNumber> into, Record settings, String path, String group) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            add(into, settings, component, path + "." + component.getName(), group);
        }
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            if (Settings.value(component, settings) instanceof Record nested) {
                collect(into, nested, path + "." + component.getName(), component.getName());
            }
        }
    }

    private static void add(
            List<LiveNumber> into,
            Record settings,
            RecordComponent component,
            String path,
            String group) {
        Parameter parameter = Settings.parameter(component);
        if (parameter != null && Settings.value(component, settings) instanceof Number number) {
            into.add(new LiveNumber(path, group, parameter, number.doubleValue()));
        }
    }

    private LiveNumber edited(List<RunEvent> events) {
        double now = value;
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Edited edited && edited.path().equals(path)) {
                now = edited.value();
            }
        }
        return new LiveNumber(path, group, parameter, now);
    }
}
