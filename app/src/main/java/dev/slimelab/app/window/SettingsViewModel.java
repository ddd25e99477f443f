package dev.slimelab.app.window;

import dev.slimelab.app.look.Theme;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How a person wants the window to look and behave, on every page; kept for the next window.
public final class SettingsViewModel {
    /// Where the theme comes from.
    public enum Appearance {
        SYSTEM,
        LIGHT,
        DARK
    }

    /// Whether anything on the screen moves by itself.
    public enum Motion {
        SYSTEM,
        FULL,
        REDUCED
    }

    /// The sizes of text there are, percent.
    static final List<Integer> SCALES = List.of(80, 90, 100, 110, 125, 150, 175, 200);

    private static final int USUAL = 100;

    private final StringProperty keptScale;
    private final ReadOnlyIntegerWrapper scale = new ReadOnlyIntegerWrapper(USUAL);
    private final ObjectProperty<Appearance> appearance;
    private final ObjectProperty<Motion> motion;
    private final BooleanProperty systemIsDark = new SimpleBooleanProperty();
    private final BooleanProperty systemReducesMotion = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<Theme> theme = new ReadOnlyObjectWrapper<>(Theme.LIGHT);
    private final ReadOnlyBooleanWrapper reducedMotion = new ReadOnlyBooleanWrapper();

    SettingsViewModel(Memory memory) {
        keptScale = memory.word("textScale", String.valueOf(USUAL));
        keptScale.subscribe(word -> scale.set(scaleOf(word)));
        appearance = kept(Appearance.class, memory.word("appearance", ""));
        motion = kept(Motion.class, memory.word("motion", ""));
        appearance.subscribe(_ -> decide());
        motion.subscribe(_ -> decide());
        systemIsDark.subscribe(_ -> decide());
        systemReducesMotion.subscribe(_ -> decide());
    }

    /// What was written by hand or by another version counts as the usual.
    private static int scaleOf(String word) {
        return SCALES.stream()
                .filter(scale -> String.valueOf(scale).equals(word))
                .findFirst()
                .orElse(USUAL);
    }

    private static <E extends Enum<E>> ObjectProperty<E> kept(Class<E> type, StringProperty word) {
        E[] all = type.getEnumConstants();
        E first =
                Arrays.stream(all)
                        .filter(each -> word(each).equals(word.get()))
                        .findFirst()
                        .orElse(all[0]);
        ObjectProperty<E> property = new SimpleObjectProperty<>(first);
        property.subscribe((_, now) -> word.set(word(now)));
        return property;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void decide() {
        theme.set(
                switch (appearance.get()) {
                    case SYSTEM -> systemIsDark.get() ? Theme.DARK : Theme.LIGHT;
                    case LIGHT -> Theme.LIGHT;
                    case DARK -> Theme.DARK;
                });
        reducedMotion.set(
                switch (motion.get()) {
                    case SYSTEM -> systemReducesMotion.get();
                    case FULL -> false;
                    case REDUCED -> true;
                });
    }

    /// The size of text and of everything around it, percent.
    public ReadOnlyIntegerProperty scale() {
        return scale.getReadOnlyProperty();
    }

    public boolean canScale(int by) {
        int at = SCALES.indexOf(scale.get()) + by;
        return at >= 0 && at < SCALES.size();
    }

    /// Some sizes larger, or smaller where negative, as far as there are any.
    public void scaleBy(int by) {
        int at = SCALES.indexOf(scale.get()) + by;
        keptScale.set(String.valueOf(SCALES.get(Math.clamp(at, 0, SCALES.size() - 1))));
    }

    public void resetScale() {
        keptScale.set(String.valueOf(USUAL));
    }

    public ObjectProperty<Appearance> appearance() {
        return appearance;
    }

    public ObjectProperty<Motion> motion() {
        return motion;
    }

    /// Whether the system is set to dark; follow it where it can be known.
    public BooleanProperty systemIsDark() {
        return systemIsDark;
    }

    public BooleanProperty systemReducesMotion() {
        return systemReducesMotion;
    }

    public ReadOnlyObjectProperty<Theme> theme() {
        return theme.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty reducedMotion() {
        return reducedMotion.getReadOnlyProperty();
    }

    /// The other theme, from now on whatever the system is set to.
    public void toggleTheme() {
        appearance.set(theme.get() == Theme.DARK ? Appearance.LIGHT : Appearance.DARK);
    }
}
