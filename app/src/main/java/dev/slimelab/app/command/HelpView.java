package dev.slimelab.app.command;

import dev.slimelab.app.command.Command.Group;
import dev.slimelab.app.look.Icons;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// What the control with the focus is for, every key of the window, and those of the page on show.
public final class HelpView extends VBox {
    private static final double WIDTH = 720;

    /// A key and what it does.
    private record Line(String key, String words) {}

    private final Supplier<List<Command>> commands;
    private final Supplier<List<Hint>> hints;
    private final VBox content = new VBox(12);
    private final ScrollPane scroll = new ScrollPane(content);

    /// @param hints of the page on show
    /// @param more where there is more to read
    public HelpView(
            Supplier<List<Command>> commands,
            Supplier<List<Hint>> hints,
            String more,
            Runnable close) {
        super(8);
        this.commands = commands;
        this.hints = hints;
        setId("help");
        getStyleClass().addAll("card", "help");
        Label title = new Label("Keys");
        title.getStyleClass().add("column-title");
        Button done = Icons.iconButton(Feather.X, "Close the help", "Esc");
        done.setOnAction(_ -> close.run());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, title, gap, done);
        head.setAlignment(Pos.CENTER_LEFT);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        scroll.setAccessibleText("All keys; the arrows scroll");
        scroll.setFocusTraversable(true);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        Label docs = quiet(more);
        getChildren().addAll(head, scroll, docs);
        setMaxWidth(WIDTH);
    }

    /// Writes it anew.
    ///
    /// @param focused what has the focus; null where nothing has
    public void open(@Nullable Node focused) {
        content.getChildren().clear();
        String help = helpOf(focused);
        if (!help.isEmpty()) {
            content.getChildren().add(section("What has the focus", List.of(new Line("", help))));
        }
        Map<String, List<Line>> parts = new LinkedHashMap<>();
        for (Hint hint : hints.get()) {
            add(parts, hint.where(), new Line(hint.keys(), hint.words()));
        }
        for (Group group : Group.values()) {
            for (Command command : commands.get()) {
                if (command.group() == group && !command.key().isEmpty()) {
                    String keys =
                            String.join(
                                    ", ",
                                    command.shortcuts().stream().map(Shortcut::toString).toList());
                    add(parts, group.title(), new Line(keys, command.words()));
                }
            }
        }
        parts.forEach((name, lines) -> content.getChildren().add(section(name, lines)));
        scroll.setVvalue(0);
        scroll.requestFocus();
    }

    private static void add(Map<String, List<Line>> parts, String name, Line line) {
        parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(line);
    }

    /// The name of a control, and what its tooltip or that of what it stands in says.
    private static String helpOf(@Nullable Node focused) {
        if (focused == null) {
            return "";
        }
        String name = Objects.requireNonNullElse(focused.getAccessibleText(), "");
        for (Node node = focused; node != null; node = node.getParent()) {
            String help = node instanceof Control control ? tooltip(control) : "";
            if (help.isEmpty()) {
                help = Objects.requireNonNullElse(node.getAccessibleHelp(), "");
            }
            if (!help.isEmpty()) {
                return name.isEmpty() || help.startsWith(name) ? help : name + ": " + help;
            }
        }
        return name;
    }

    private static String tooltip(Control control) {
        return control.getTooltip() == null
                ? ""
                : Objects.requireNonNullElse(control.getTooltip().getText(), "");
    }

    private static Node section(String name, List<Line> lines) {
        GridPane grid = new GridPane();
        grid.setHgap(12);
        grid.setVgap(4);
        ColumnConstraints keys = new ColumnConstraints();
        keys.setMinWidth(150);
        ColumnConstraints words = new ColumnConstraints();
        words.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(keys, words);
        for (int row = 0; row < lines.size(); row++) {
            Line line = lines.get(row);
            Label meaning = new Label(line.words());
            meaning.setWrapText(true);
            meaning.setMinWidth(0);
            if (line.key().isEmpty()) {
                grid.add(meaning, 0, row, 2, 1);
            } else {
                Label key = new Label(line.key());
                key.getStyleClass().add("key");
                key.setMinWidth(Region.USE_PREF_SIZE);
                grid.addRow(row, key, meaning);
            }
        }
        Label title = new Label(name);
        title.getStyleClass().add("term-title");
        return new VBox(4, title, grid);
    }

    private static Label quiet(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("quiet");
        label.setWrapText(true);
        return label;
    }
}
