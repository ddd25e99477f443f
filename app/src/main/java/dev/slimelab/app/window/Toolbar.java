package dev.slimelab.app.window;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContentDisplay;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import java.util.List;

/// Commands on the left, pages in the middle, switches on the right. Where all of it does not fit,
/// first the commands and then the pages give up their words and keep their icons and tooltips;
/// nothing is ever cut.
final class Toolbar extends HBox {
    private final List<List<ButtonBase>> givingUpWords;
    private String fitted = "";

    /// @param commands what acts on a run
    /// @param pages the tabs
    /// @param tools icons only
    Toolbar(List<ButtonBase> commands, List<ButtonBase> pages, List<Node> tools) {
        super(8);
        givingUpWords = List.of(commands, pages);
        getStyleClass().add("toolbar");
        setAlignment(Pos.CENTER_LEFT);
        HBox tabs = new HBox(2);
        tabs.setId("pages");
        tabs.getChildren().addAll(pages);
        getChildren().addAll(commands);
        getChildren().addAll(gap(), tabs, gap());
        getChildren().addAll(tools);
    }

    private static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }

    @Override
    protected void layoutChildren() {
        fit();
        super.layoutChildren();
    }

    /// Only where the width or a word has changed: measuring asks for another layout.
    private void fit() {
        StringBuilder words = new StringBuilder().append(getWidth());
        givingUpWords.forEach(
                group -> group.forEach(button -> words.append(' ').append(button.getText())));
        getChildren().forEach(child -> words.append(child.isManaged() ? '1' : '0'));
        if (words.toString().equals(fitted)) {
            return;
        }
        fitted = words.toString();
        givingUpWords.forEach(group -> display(group, ContentDisplay.LEFT));
        for (List<ButtonBase> group : givingUpWords) {
            if (prefWidth(-1) <= getWidth()) {
                return;
            }
            display(group, ContentDisplay.GRAPHIC_ONLY);
        }
    }

    private static void display(List<ButtonBase> group, ContentDisplay display) {
        group.forEach(button -> button.setContentDisplay(display));
    }
}
