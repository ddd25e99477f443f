package dev.slimelab.app.token;

import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Sheet;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.token.TokenPicture.Answer;
import dev.slimelab.app.token.TokenPicture.Cell;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Paints answers as rows of shaded tokens.
///
/// Pointing at a token, or going to it with the arrow keys, shows all that is known of it. Only the
/// rows in sight are painted, so that an answer of thousands of tokens costs no more.
public final class TokenCanvas extends Pane {
    private static final double TEXT_SIZE = 12.5;
    private static final double NUMBER_SIZE = 9.5;
    private static final double HEAD = 26;
    private static final double GAP = 3;
    private static final double PADDING = 5;

    /// Where a token is painted when nothing is scrolled.
    private record Spot(Cell cell, double x, double y, double width) {}

    /// An answer's title.
    private record Head(String words, double y) {}

    private final ObservableValue<Theme> theme;
    private final Sheet sheet = new Sheet(1, this::paint);
    private final ScrollBar scroll = new ScrollBar();
    private final GridPane facts = new GridPane();
    private final Map<String, Double> widths = new HashMap<>();
    private final Text measure = new Text();
    private final List<Spot> spots = new ArrayList<>();
    private final List<Head> heads = new ArrayList<>();
    private @Nullable TokenPicture picture;
    private boolean numbers = true;
    private int cursor = -1;

    public TokenCanvas(ObservableValue<Theme> theme) {
        this.theme = theme;
        getStyleClass().add("token-canvas");
        scroll.setOrientation(Orientation.VERTICAL);
        scroll.setAccessibleText("Scroll the answers");
        facts.getStyleClass().add("read-out");
        facts.setPadding(new Insets(6, 10, 6, 10));
        facts.setHgap(16);
        facts.setMouseTransparent(true);
        facts.setVisible(false);
        facts.setManaged(false);
        getChildren().addAll(sheet, scroll, facts);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.TEXT);
        setMinSize(0, 0);
        theme.subscribe(_ -> paint());
        scroll.valueProperty().subscribe(_ -> paint());
        focusedProperty().subscribe(_ -> paint());
        sheet.setOnMouseMoved(this::point);
        sheet.setOnMouseExited(_ -> moveTo(-1));
        setOnMousePressed(_ -> requestFocus());
        setOnScroll(
                event ->
                        scroll.setValue(
                                Math.clamp(
                                        scroll.getValue() - event.getDeltaY(),
                                        0,
                                        scroll.getMax())));
        setOnKeyPressed(this::press);
        showFacts();
    }

    static Color color(java.awt.Color color) {
        return Color.rgb(color.getRed(), color.getGreen(), color.getBlue());
    }

    public void show(@Nullable TokenPicture next) {
        picture = next;
        place();
        paint();
        showFacts();
    }

    /// Whether each token's number stands below it.
    public void setNumbers(boolean shown) {
        numbers = shown;
        place();
        paint();
    }

    @Override
    protected void layoutChildren() {
        double bar = scroll.prefWidth(-1);
        sheet.resize(Math.max(0, getWidth() - bar), getHeight());
        scroll.resizeRelocate(getWidth() - bar, 0, bar, getHeight());
        place();
        paint();
    }

    private double rowHeight() {
        return numbers ? 34 : 22;
    }

    /// Lays the tokens out like words; a line break ends its row.
    private void place() {
        spots.clear();
        heads.clear();
        TokenPicture shown = picture;
        double y = 0;
        if (shown != null) {
            for (Answer answer : shown.answers()) {
                if (!answer.title().isEmpty()) {
                    heads.add(new Head(answer.title(), y));
                    y += HEAD;
                }
                y = place(answer, shown.legend(), y) + 10;
            }
        }
        double beyond = Math.max(0, y - sheet.getHeight());
        scroll.setMax(beyond);
        scroll.setVisibleAmount(y == 0 ? 1 : beyond * sheet.getHeight() / y);
        scroll.setVisible(beyond > 0);
        scroll.setValue(Math.min(scroll.getValue(), beyond));
        if (cursor >= spots.size()) {
            cursor = -1;
        }
    }

    private double place(Answer answer, Legend legend, double top) {
        double x = 0;
        double y = top;
        for (Cell cell : answer.cells()) {
            double text = width(Cell.visible(cell.text()), TEXT_SIZE);
            double number = numbers ? width(legend.number(cell.value()), NUMBER_SIZE) : 0;
            double width = Math.max(text, number) + 2 * PADDING;
            if (x > 0 && x + width > sheet.getWidth()) {
                x = 0;
                y += rowHeight() + GAP;
            }
            spots.add(new Spot(cell, x, y, width));
            x += width + GAP;
            if (cell.text().endsWith("\n")) {
                x = 0;
                y += rowHeight() + GAP;
            }
        }
        return x == 0 ? y : y + rowHeight() + GAP;
    }

    private double width(String text, double size) {
        return widths.computeIfAbsent(
                size + text,
                _ -> {
                    measure.setText(text);
                    measure.setFont(Font.font(Fonts.MONO, size));
                    return measure.getLayoutBounds().getWidth();
                });
    }

    private void paint() {
        GraphicsContext context = sheet.begin(0);
        TokenPicture shown = picture;
        if (shown == null) {
            return;
        }
        double up = scroll.getValue();
        context.setTextBaseline(VPos.CENTER);
        context.setTextAlign(TextAlignment.LEFT);
        context.setFont(Font.font(Fonts.TEXT, FontWeight.BOLD, 12));
        context.setFill(color(theme.getValue().text()));
        heads.forEach(head -> context.fillText(head.words(), 0, head.y() - up + HEAD / 2));
        context.setTextAlign(TextAlignment.CENTER);
        for (int i = 0; i < spots.size(); i++) {
            Spot spot = spots.get(i);
            double y = spot.y() - up;
            if (y + rowHeight() >= 0 && y <= sheet.getHeight()) {
                paint(context, shown.legend(), spot, y);
                if (i == cursor) {
                    context.setStroke(color(theme.getValue().text()));
                    context.setLineWidth(2);
                    context.strokeRoundRect(spot.x(), y, spot.width(), rowHeight(), 6, 6);
                }
            }
        }
    }

    private void paint(GraphicsContext context, Legend legend, Spot spot, double y) {
        java.awt.Color shade = legend.shade(theme.getValue(), spot.cell().value());
        Color ink = color(Shades.textOn(shade));
        double middle = spot.x() + spot.width() / 2;
        context.setFill(color(shade));
        context.fillRoundRect(spot.x(), y, spot.width(), rowHeight(), 6, 6);
        context.setStroke(color(theme.getValue().grid()));
        context.setLineWidth(1);
        context.strokeRoundRect(spot.x() + 0.5, y + 0.5, spot.width() - 1, rowHeight() - 1, 6, 6);
        context.setFill(ink);
        context.setFont(Font.font(Fonts.MONO, TEXT_SIZE));
        context.fillText(Cell.visible(spot.cell().text()), middle, y + (numbers ? 12 : 11));
        if (numbers) {
            context.setFont(Font.font(Fonts.MONO, NUMBER_SIZE));
            context.fillText(legend.number(spot.cell().value()), middle, y + 26);
        }
    }

    private void point(MouseEvent event) {
        double y = event.getY() + scroll.getValue();
        int found = -1;
        for (int i = 0; i < spots.size(); i++) {
            Spot spot = spots.get(i);
            if (event.getX() >= spot.x()
                    && event.getX() <= spot.x() + spot.width()
                    && y >= spot.y()
                    && y <= spot.y() + rowHeight()) {
                found = i;
            }
        }
        moveTo(found);
    }

    private void press(KeyEvent event) {
        switch (event.getCode()) {
            case LEFT -> moveTo(Math.max(0, cursor - 1));
            case RIGHT -> moveTo(Math.min(spots.size() - 1, cursor + 1));
            case UP -> moveTo(inRow(-1));
            case DOWN -> moveTo(inRow(1));
            case HOME -> moveTo(spots.isEmpty() ? -1 : 0);
            case END -> moveTo(spots.size() - 1);
            default -> {
                return;
            }
        }
        event.consume();
    }

    /// The token of the next row up or down that is closest to the one at the cursor.
    private int inRow(int direction) {
        if (cursor < 0) {
            return spots.isEmpty() ? -1 : 0;
        }
        Spot from = spots.get(cursor);
        int best = cursor;
        double closest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < spots.size(); i++) {
            Spot spot = spots.get(i);
            double rows = (spot.y() - from.y()) * direction;
            if (rows > 0) {
                double distance = rows * 1000 + Math.abs(spot.x() - from.x());
                if (distance < closest) {
                    closest = distance;
                    best = i;
                }
            }
        }
        return best;
    }

    private void moveTo(int index) {
        if (index == cursor) {
            return;
        }
        cursor = index;
        if (cursor >= 0) {
            reveal(spots.get(cursor));
        }
        paint();
        showFacts();
    }

    private void reveal(Spot spot) {
        double bottom = spot.y() + rowHeight() - sheet.getHeight();
        scroll.setValue(
                Math.clamp(scroll.getValue(), Math.max(0, bottom), Math.max(bottom, spot.y())));
    }

    private void showFacts() {
        facts.setVisible(cursor >= 0 && picture != null);
        if (cursor < 0 || picture == null) {
            setAccessibleText(
                    heads.isEmpty()
                            ? spots.isEmpty()
                                    ? "Tokens"
                                    : spots.stream()
                                            .map(spot -> spot.cell().text())
                                            .collect(Collectors.joining())
                            : String.join(". ", heads.stream().map(Head::words).toList()));
            return;
        }
        Spot spot = spots.get(cursor);
        facts.getChildren().clear();
        Label token = new Label("“" + Cell.visible(spot.cell().text()) + "”");
        token.getStyleClass().add("mono");
        facts.add(token, 0, 0, 2, 1);
        int row = 1;
        StringBuilder spoken = new StringBuilder(spot.cell().text());
        for (Map.Entry<String, String> fact : spot.cell().facts().entrySet()) {
            Label name = new Label(fact.getKey());
            name.getStyleClass().add("read-out-step");
            Label number = new Label(fact.getValue());
            number.getStyleClass().add("number");
            number.setMaxWidth(Double.MAX_VALUE);
            facts.addRow(row++, name, number);
            spoken.append(", ").append(fact.getKey()).append(' ').append(fact.getValue());
        }
        setAccessibleText(spoken.toString());
        facts.autosize();
        double below = spot.y() - scroll.getValue() + rowHeight() + 6;
        double above = spot.y() - scroll.getValue() - 6 - facts.getHeight();
        facts.relocate(
                Math.clamp(spot.x(), 0, Math.max(0, sheet.getWidth() - facts.getWidth())),
                below + facts.getHeight() <= getHeight() || above < 0 ? below : above);
    }
}
