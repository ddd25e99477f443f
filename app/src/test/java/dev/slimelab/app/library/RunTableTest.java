package dev.slimelab.app.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunTableViewModel.Order;
import dev.slimelab.app.library.RunTableViewModel.Sorting;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// The columns of the library: which, in which order, how wide, and what rows are sorted by.
class RunTableTest {
    private static final Column TAGS = new Column(Column.Kind.RUN, "tags");
    private static final Column LOSS = new Column(Column.Kind.METRIC, "loss");

    private final StringProperty columns = new SimpleStringProperty("");
    private final StringProperty widths = new SimpleStringProperty("");
    private final StringProperty sorting = new SimpleStringProperty("");

    private RunTableViewModel table() {
        return new RunTableViewModel(
                new RunListViewModel(),
                new Background(Runnable::run),
                new TableMemory(columns, widths, sorting),
                _ -> {});
    }

    @Test
    void whatAPersonDidToTheColumnsIsThereAgain() {
        RunTableViewModel table = table();
        table.toggle(LOSS);
        table.toggle(TAGS);
        table.move(LOSS, -100);
        table.resize(LOSS, 133.4);
        table.sort(new Sorting(LOSS, Order.BACKWARDS));
        RunTableViewModel next = table();
        assertThat(next.columns().getFirst()).isEqualTo(LOSS);
        assertThat(next.columns()).contains(Column.NAME).doesNotContain(TAGS);
        assertThat(next.columns()).isEqualTo(table.columns());
        assertThat(next.widths()).containsOnly(Map.entry(LOSS, 133.0));
        assertThat(next.sorting()).isEqualTo(new Sorting(LOSS, Order.BACKWARDS));
        next.sort(null);
        next.resetColumns();
        assertThat(table().columns()).containsAll(Column.USUAL).doesNotContain(LOSS);
        assertThat(table().sorting()).isNull();
    }

    @Test
    void theNameIsAlwaysThereAndWidthsHaveEnds() {
        RunTableViewModel table = table();
        table.toggle(Column.NAME);
        assertThat(table.columns()).contains(Column.NAME);
        table.resize(LOSS, 1);
        assertThat(table.widths().get(LOSS)).isEqualTo(40);
        table.resize(LOSS, 10_000);
        assertThat(table.widths().get(LOSS)).isEqualTo(800);
    }

    @Test
    void wordsThatAreNoColumnsAreLeftOut() {
        columns.set("metric:loss nonsense other:thing");
        widths.set("metric:loss=wide =3 run:name=200");
        sorting.set("-nothing");
        RunTableViewModel table = table();
        assertThat(table.columns()).isEqualTo(List.of(Column.NAME, LOSS));
        assertThat(table.widths()).containsOnly(Map.entry(Column.NAME, 200.0));
        assertThat(table.sorting()).isNull();
    }
}
