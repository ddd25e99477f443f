package dev.slimelab.app.data;

import dev.slimelab.app.data.Account.Row;
import dev.slimelab.app.data.Account.Token;
import dev.slimelab.app.data.Account.Trouble;
import dev.slimelab.app.data.DataViewModel.Leaf;
import dev.slimelab.app.data.DataViewModel.ShownRow;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Numbers;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/// Rows of a source, a few at a time: the prompt, then both answers side by side as tokens.
final class RowsView extends VBox {
    private static final Map<String, String> FILTERS =
            Map.of("all", "All rows", "used", "Used", "dropped", "Left out");

    private final DataViewModel model;
    private final ComboBox<String> only = new ComboBox<>();
    private final Button previous = Icons.iconButton(Feather.CHEVRON_LEFT, "Previous rows", "");
    private final Button next = Icons.iconButton(Feather.CHEVRON_RIGHT, "Next rows", "");
    private final Label position = new Label();
    private final VBox rows = new VBox(12);

    RowsView(DataViewModel model) {
        super(10);
        this.model = model;
        setId("rows");
        Label title = new Label("Rows");
        title.getStyleClass().add("chart-title");
        only.setId("only");
        only.setAccessibleText("Which rows");
        only.setButtonCell(new FilterCell());
        only.setCellFactory(_ -> new FilterCell());
        only.valueProperty().bindBidirectional(model.only());
        previous.setId("previousRows");
        previous.setOnAction(_ -> model.previousRows());
        next.setId("nextRows");
        next.setOnAction(_ -> model.nextRows());
        TextField row = new TextField();
        row.setId("goToRow");
        row.setPromptText("Row");
        row.setAccessibleText("Go to row");
        row.setPrefColumnCount(6);
        row.setOnAction(_ -> goTo(row.getText()));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, title, only, gap, position, previous, next, row);
        bar.setAlignment(Pos.CENTER_LEFT);
        position.getStyleClass().add("quiet");
        Label legend =
                new Label(
                        "Shades end with a token; pale is outside the loss; marked is where the answers"
                                + " differ.");
        legend.getStyleClass().add("chart-caption");
        getChildren().addAll(bar, legend, rows);
        model.leaf().subscribe(this::show);
        model.account().subscribe(_ -> showFilters());
    }

    private void goTo(String typed) {
        String digits = typed.replaceAll("\\D", "");
        if (!digits.isEmpty() && digits.length() < 10) {
            model.leafTo(Integer.parseInt(digits));
        }
    }

    private void showFilters() {
        List<String> filters = new ArrayList<>(List.of(DataViewModel.ALL, "used", "dropped"));
        Account account = model.account().get();
        if (account != null) {
            account.findings().forEach(finding -> filters.add(finding.code()));
        }
        if (!only.getItems().equals(filters)) {
            String chosen = model.only().get();
            only.getItems().setAll(filters);
            only.setValue(chosen);
        }
    }

    /// A filter in words.
    private static final class FilterCell extends ListCell<String> {
        @Override
        protected void updateItem(@Nullable String filter, boolean empty) {
            super.updateItem(filter, empty);
            setText(
                    filter == null || empty
                            ? ""
                            : FILTERS.getOrDefault(filter, filter.replace('_', ' ')));
        }
    }

    private void show(@Nullable Leaf leaf) {
        setVisible(leaf != null);
        setManaged(leaf != null);
        rows.getChildren().clear();
        if (leaf == null) {
            return;
        }
        for (ShownRow row : leaf.rows()) {
            rows.getChildren().add(card(row));
        }
        if (leaf.rows().isEmpty()) {
            Label none = new Label("No such rows.");
            none.getStyleClass().add("chart-empty");
            rows.getChildren().add(none);
        }
        previous.setDisable(!model.hasPrevious());
        next.setDisable(leaf.next() == null);
        position.setText(
                leaf.rows().isEmpty()
                        ? ""
                        : "row %s to %s"
                                .formatted(
                                        Numbers.fixed(leaf.rows().getFirst().row().number(), 0),
                                        Numbers.fixed(leaf.rows().getLast().row().number(), 0)));
    }

    private static VBox card(ShownRow shown) {
        Row row = shown.row();
        VBox card = new VBox(6);
        card.getStyleClass().addAll("card", "row-card");
        Label place = new Label(row.place());
        place.getStyleClass().add("quiet");
        card.getChildren().add(place);
        for (Trouble trouble : row.problems()) {
            Label words = new Label(trouble.message(), Icons.icon(Feather.ALERT_TRIANGLE));
            words.getStyleClass().addAll(trouble.dropped() ? "complaint" : "quiet");
            words.setWrapText(true);
            words.setMinHeight(Region.USE_PREF_SIZE);
            card.getChildren().add(words);
        }
        if (row.chosen().isEmpty()) {
            if (!row.raw().isEmpty()) {
                Label raw = new Label(row.raw());
                raw.getStyleClass().add("mono");
                raw.setWrapText(true);
                raw.setMinHeight(Region.USE_PREF_SIZE);
                card.getChildren().add(raw);
            }
            return card;
        }
        card.getChildren().add(new TokenFlow(row.prompt(), new BitSet()));
        GridPane answers = new GridPane();
        answers.setHgap(12);
        answers.add(
                answer("chosen", row.chosen(), row.chosenCut(), shown.difference().left()), 0, 0);
        ColumnConstraints half = new ColumnConstraints();
        half.setPercentWidth(row.rejected().isEmpty() ? 100 : 50);
        answers.getColumnConstraints().add(half);
        if (!row.rejected().isEmpty()) {
            answers.add(
                    answer(
                            "rejected",
                            row.rejected(),
                            row.rejectedCut(),
                            shown.difference().right()),
                    1,
                    0);
            answers.getColumnConstraints().add(half);
        }
        card.getChildren().add(answers);
        return card;
    }

    private static Node answer(String side, List<Token> tokens, int cut, BitSet differing) {
        Label name = new Label(side);
        name.getStyleClass().add("side-name");
        Label count =
                new Label(
                        Numbers.fixed(tokens.size(), 0)
                                + " tokens"
                                + (cut == 0 ? "" : ", " + Numbers.fixed(cut, 0) + " more are cut"));
        count.getStyleClass().add("quiet");
        HBox head = new HBox(8, name, count);
        head.setAlignment(Pos.BASELINE_LEFT);
        VBox answer = new VBox(4, head, new TokenFlow(tokens, differing));
        Hue hue = side.equals("chosen") ? Hue.CHOSEN : Hue.REJECTED;
        answer.getStyleClass().addAll("answer", hue.styleClass());
        return answer;
    }
}
