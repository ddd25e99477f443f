package dev.slimelab.app.library;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// A row of the library: the same for as long as its run is there, whatever becomes known of it, so
/// that a selection and what is being written about it outlive every look at the disk.
public final class RunItem {
    private final ReadOnlyObjectWrapper<RunEntry> entry;

    RunItem(RunEntry entry) {
        this.entry = new ReadOnlyObjectWrapper<>(entry);
    }

    public ReadOnlyObjectProperty<RunEntry> entry() {
        return entry.getReadOnlyProperty();
    }

    public RunEntry run() {
        return entry.get();
    }

    void set(RunEntry next) {
        if (!next.equals(entry.get())) {
            entry.set(next);
        }
    }
}
