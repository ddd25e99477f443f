package dev.slimelab.app.window;

import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.function.Supplier;

/// What the middle of the window can show. [WindowView] lists the pages there are: a line there
/// adds one. Its view is built when it is first shown.
///
/// @param name on its tab, and what the window remembers
/// @param hasCharts whether the toolbar's chart switches concern it
record Page(String name, Feather icon, KeyCode key, boolean hasCharts, Supplier<Region> view) {
    /// A page whose charts follow the toolbar's switches.
    static Page ofCharts(String name, Feather icon, KeyCode key, Supplier<Region> view) {
        return new Page(name, icon, key, true, view);
    }

    static Page of(String name, Feather icon, KeyCode key, Supplier<Region> view) {
        return new Page(name, icon, key, false, view);
    }

    /// The first where another version of the window remembered one that is gone.
    static Page named(String name, List<Page> pages) {
        return pages.stream()
                .filter(page -> page.name().equals(name))
                .findFirst()
                .orElse(pages.getFirst());
    }
}
