package dev.slimelab.app.command;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// The palette: a query, the commands that it finds, and the one that Enter runs.
public final class PaletteViewModel {
    /// A line of the palette.
    ///
    /// @param obstacle why it cannot be done now; empty where it can
    public record Line(Command command, String obstacle) {}

    private final Supplier<List<Command>> commands;
    private final Runnable close;
    private final StringProperty query = new SimpleStringProperty("");
    private final ObservableList<Line> found = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Line> chosen = new ReadOnlyObjectWrapper<>();

    /// @param commands what there is to find, asked for whenever the palette opens
    /// @param close takes the palette off the screen
    public PaletteViewModel(Supplier<List<Command>> commands, Runnable close) {
        this.commands = commands;
        this.close = close;
        query.subscribe(_ -> search());
    }

    public StringProperty query() {
        return query;
    }

    public ObservableList<Line> found() {
        return found;
    }

    /// Null where nothing is found.
    public ReadOnlyObjectProperty<@Nullable Line> chosen() {
        return chosen.getReadOnlyProperty();
    }

    /// Begins anew.
    public void open() {
        query.set("");
        search();
    }

    /// As long as nothing is looked for, what cannot be done now stands last.
    private void search() {
        boolean any = query.get().isBlank();
        List<Line> next =
                CommandSearch.of(query.get(), commands.get()).stream()
                        .map(command -> new Line(command, command.obstacle().get()))
                        .sorted(Comparator.comparing(line -> any && !line.obstacle().isEmpty()))
                        .toList();
        found.setAll(next);
        chosen.set(next.isEmpty() ? null : next.getFirst());
    }

    public void choose(@Nullable Line line) {
        if (line != null) {
            chosen.set(line);
        }
    }

    /// Goes some lines down, or up where negative.
    public void walk(int lines) {
        if (!found.isEmpty()) {
            int now = found.indexOf(chosen.get());
            chosen.set(found.get(Math.clamp(now + lines, 0, found.size() - 1)));
        }
    }

    /// Runs what is chosen, where it can be run, and closes the palette first, so that the command
    /// meets the window as it was.
    public void run() {
        Line line = chosen.get();
        if (line != null && line.obstacle().isEmpty()) {
            close.run();
            line.command().run();
        }
    }
}
