package dev.slimelab.app.playground;

import javafx.scene.control.ComboBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// A list to choose from that shows what a model says and tells only what a person does.
final class Chooser<T> extends ComboBox<T> {
    private boolean showing;

    /// @param spoken its accessible name
    Chooser(String spoken, Function<T, String> words, Consumer<T> chosen) {
        setAccessibleText(spoken);
        setMinWidth(60);
        setMaxWidth(Double.MAX_VALUE);
        setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable T value) {
                        return value == null ? "" : words.apply(value);
                    }

                    @Override
                    public @Nullable T fromString(String text) {
                        return null; // not editable
                    }
                });
        valueProperty()
                .subscribe(
                        value -> {
                            if (value != null && !showing) {
                                chosen.accept(value);
                            }
                        });
    }

    void show(List<T> offered, @Nullable T value) {
        showing = true;
        if (!getItems().equals(offered)) {
            getItems().setAll(offered);
        }
        setValue(value);
        showing = false;
    }
}
