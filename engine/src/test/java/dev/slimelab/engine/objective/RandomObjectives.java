package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Draws legal compositions: any kind in any slot, any value on its slider.
final class RandomObjectives {
    private final SplittableRandom random;

    RandomObjectives(SplittableRandom random) {
        this.random = random;
    }

    /// Draws until the parts fit together.
    Objective next() {
        while (true) {
            try {
                return (Objective) make(Objective.class);
            } catch (Problem illegal) {
                // the next composition will fit
            }
        }
    }

    Stream<Objective> stream() {
        return Stream.generate(this::next);
    }

    private Object make(Class<?> type) {
        if (type.isSealed()) {
            Class<?>[] kinds = type.getPermittedSubclasses();
            return make(kinds[random.nextInt(kinds.length)]);
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i]);
        }
        try {
            Constructor<?> canonical =
                    type.getDeclaredConstructor(
                            Stream.of(components)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Object value(RecordComponent component) {
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional && random.nextBoolean()) {
            return null;
        }
        Parameter parameter = Settings.parameter(component);
        if (component.getType() == double.class && parameter != null) {
            double low = Double.isNaN(parameter.low()) ? 0.5 : parameter.low();
            double high = Double.isNaN(parameter.high()) ? 2 : parameter.high();
            return random.nextDouble(low, high);
        }
        if (component.getType() == int.class) {
            return random.nextInt(1, 4);
        }
        return make(component.getType());
    }
}
