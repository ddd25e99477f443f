package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.engine.parameter.Parameter.Place;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Folders and files that were used lately, the latest first.
public final class RecentViewModel {
    private final Background background;
    private final ComposerFolder folder;
    private final Map<Place, ObservableList<String>> places = new EnumMap<>(Place.class);

    RecentViewModel(Background background, ComposerFolder folder) {
        this.background = background;
        this.folder = folder;
        for (Place place : Place.values()) {
            ObservableList<String> known = FXCollections.observableArrayList();
            places.put(place, known);
            background.run("", () -> folder.recent(place), known::setAll, _ -> {});
        }
    }

    ObservableList<String> of(Place place) {
        return Objects.requireNonNull(places.get(place));
    }

    /// Remembers a place that was chosen.
    void use(Place place, String path) {
        background.run("", () -> folder.remember(place, path), of(place)::setAll, _ -> {});
    }
}
