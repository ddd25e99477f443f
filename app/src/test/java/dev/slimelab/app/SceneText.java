package dev.slimelab.app;

import atlantafx.base.controls.ToggleSwitch;

import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Control;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.text.Text;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A scene as text, one node a line: type, id, style classes, text, accessible text, state.
///
/// What the skins of controls are made of is left out, and so is everything below a hidden node.
final class SceneText {
    private final StringBuilder lines = new StringBuilder();

    private SceneText() {}

    static String of(Node root) {
        SceneText text = new SceneText();
        text.add(root, 0);
        return text.lines.toString();
    }

    /// The controls that a person who cannot see the window has no name for.
    static List<String> nameless(Node root) {
        List<String> nameless = new ArrayList<>();
        collectNameless(root, nameless);
        return nameless;
    }

    private static void collectNameless(Node node, List<String> nameless) {
        if (isUsed(node) && name(node).isBlank()) {
            nameless.add(line(node));
        }
        parts(node).forEach(part -> collectNameless(part, nameless));
    }

    private static boolean isUsed(Node node) {
        return node.isFocusTraversable()
                || node instanceof ButtonBase
                || node instanceof ToggleSwitch
                || node instanceof TextInputControl
                || node instanceof ComboBoxBase<?>
                || node instanceof Slider
                || node instanceof ProgressBar
                || node instanceof ListView<?>
                || node instanceof TableView<?>
                || node instanceof ListCell<?>;
    }

    private static String name(Node node) {
        String spoken = Objects.requireNonNullElse(node.getAccessibleText(), "");
        return spoken.isBlank() && node instanceof Labeled labeled
                ? Objects.requireNonNullElse(labeled.getText(), "")
                : spoken;
    }

    private void add(Node node, int depth) {
        lines.append("  ".repeat(depth)).append(line(node)).append('\n');
        if (node.isVisible()) {
            parts(node).forEach(part -> add(part, depth + 1));
        }
    }

    /// What a node is made of, as its author sees it.
    private static List<Node> parts(Node node) {
        return switch (node) {
            case SplitPane split -> List.copyOf(split.getItems());
            case ScrollPane scroll -> List.of(scroll.getContent());
            case ListView<?> list -> cells(list);
            case ListCell<?> cell -> List.of(cell.getGraphic());
            case TableView<?> table -> rows(table);
            case TableRow<?> row ->
                    row.getChildrenUnmodifiable().stream()
                            .filter(TableCell.class::isInstance)
                            .toList();
            case Labeled labeled when labeled.getGraphic() != null -> List.of(labeled.getGraphic());
            case Control _ -> List.of();
            case Parent parent -> List.copyOf(parent.getChildrenUnmodifiable());
            default -> List.of();
        };
    }

    private static List<Node> cells(ListView<?> list) {
        return list.lookupAll(".list-cell").stream()
                .filter(node -> node instanceof ListCell<?> cell && !cell.isEmpty())
                .sorted(Comparator.comparingInt(node -> ((ListCell<?>) node).getIndex()))
                .toList();
    }

    private static List<Node> rows(TableView<?> table) {
        return table.lookupAll(".table-row-cell").stream()
                .filter(node -> node instanceof TableRow<?> row && !row.isEmpty())
                .sorted(Comparator.comparingInt(node -> ((TableRow<?>) node).getIndex()))
                .toList();
    }

    private static String line(Node node) {
        StringBuilder line = new StringBuilder(type(node));
        if (node.getId() != null) {
            line.append(" #").append(node.getId());
        }
        node.getStyleClass().forEach(styleClass -> line.append(" .").append(styleClass));
        String content = content(node);
        if (!content.isEmpty()) {
            line.append(" \"").append(content.replace("\n", "\\n")).append('"');
        }
        if (node.getAccessibleText() != null) {
            line.append(" spoken \"").append(node.getAccessibleText()).append('"');
        }
        if (isOn(node)) {
            line.append(" on");
        }
        if (node.isDisabled()) {
            line.append(" disabled");
        }
        if (!node.isVisible()) {
            line.append(" hidden");
        }
        return line.toString();
    }

    /// The nearest class with a name.
    private static String type(Node node) {
        Class<?> type = node.getClass();
        while (type.isAnonymousClass()) {
            type = type.getSuperclass();
        }
        return type.getSimpleName();
    }

    private static String content(Node node) {
        String text =
                switch (node) {
                    case FontIcon icon -> icon.getIconLiteral();
                    case Text words -> words.getText();
                    case Labeled labeled -> labeled.getText();
                    case TextInputControl input -> input.getText();
                    case ComboBox<?> box -> shown(box);
                    case ComboBoxBase<?> box -> Objects.toString(box.getValue(), "");
                    case TableView<?> table ->
                            table.getColumns().stream()
                                    .map(column -> ((Labeled) column.getGraphic()).getText())
                                    .collect(Collectors.joining(" | "));
                    case ProgressBar bar -> Math.round(bar.getProgress() * 100) + " %";
                    case Slider slider -> Math.round(slider.getValue() * 100) + " %";
                    default -> "";
                };
        return Objects.requireNonNullElse(text, "");
    }

    /// The choice as a person reads it.
    private static <T> String shown(ComboBox<T> box) {
        return box.getConverter().toString(box.getValue());
    }

    private static boolean isOn(Node node) {
        return (node instanceof ToggleButton button && button.isSelected())
                || (node instanceof ToggleSwitch toggle && toggle.isSelected());
    }
}
