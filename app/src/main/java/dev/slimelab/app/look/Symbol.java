package dev.slimelab.app.look;

import javafx.scene.Node;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

/// The letter that a paper has for a setting, with what follows an underscore set lower: `λ_w`.
public final class Symbol {
    private Symbol() {}

    /// Puts a symbol behind a setting's name; nothing where it has none.
    public static void behind(Label name, String symbol) {
        if (!symbol.isEmpty()) {
            name.setGraphic(node(symbol));
            name.setContentDisplay(ContentDisplay.RIGHT);
            name.setGraphicTextGap(6);
        }
    }

    private static Node node(String symbol) {
        int underscore = symbol.indexOf('_');
        Label letter = new Label(underscore < 0 ? symbol : symbol.substring(0, underscore));
        letter.getStyleClass().add("symbol");
        if (underscore < 0) {
            return letter;
        }
        Label index = new Label(symbol.substring(underscore + 1));
        index.getStyleClass().add("symbol-index");
        index.setTranslateY(4);
        return new HBox(letter, index);
    }
}
