package dev.slimelab.app.compose;

import dev.slimelab.app.compose.ComposerFolder.Template;
import dev.slimelab.app.look.Icons;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/// Templates to begin with, and a line to keep the draft as one.
final class TemplateMenu {
    private final TemplatesViewModel model;
    private final MenuButton menu = new MenuButton("Templates", Icons.icon(Feather.BOOKMARK));
    private final TextField name = new TextField();
    private final HBox naming = new HBox(4);

    TemplateMenu(TemplatesViewModel model) {
        this.model = model;
        menu.setId("templates");
        menu.getStyleClass().addAll("flat", "small");
        menu.setMinWidth(Region.USE_PREF_SIZE);
        name.setPromptText("Name of the template");
        name.setAccessibleText("Name of the template");
        name.setId("templateName");
        HBox.setHgrow(name, Priority.ALWAYS);
        name.setOnAction(_ -> keep());
        name.setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        open(false);
                        event.consume();
                    }
                });
        Button keep = new Button("Keep");
        keep.setId("keepTemplate");
        keep.disableProperty().bind(name.textProperty().map(String::isBlank));
        keep.setOnAction(_ -> keep());
        Button cancel = Icons.iconButton(Feather.X, "Cancel", "Esc");
        cancel.setOnAction(_ -> open(false));
        for (Button button : new Button[] {keep, cancel}) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        naming.getChildren().addAll(name, keep, cancel);
        naming.setAlignment(Pos.CENTER_LEFT);
        open(false);
        model.all().subscribe(this::show);
    }

    Node button() {
        return menu;
    }

    /// Where a name is asked for; takes no place until then.
    Node naming() {
        return naming;
    }

    private void open(boolean open) {
        naming.setVisible(open);
        naming.setManaged(open);
        if (open) {
            name.clear();
            name.requestFocus();
        }
    }

    private void keep() {
        if (!name.getText().isBlank()) {
            model.keep(name.getText());
            open(false);
            menu.requestFocus();
        }
    }

    private void show(List<Template> templates) {
        menu.getItems().clear();
        for (Template template : templates) {
            menu.getItems().add(item(template.name(), () -> model.choose(template)));
        }
        if (templates.isEmpty()) {
            MenuItem none = new MenuItem("No templates yet");
            none.setDisable(true);
            menu.getItems().add(none);
        }
        menu.getItems()
                .addAll(
                        new SeparatorMenuItem(),
                        item("Keep this draft as a template…", () -> open(true)));
        List<Template> own = templates.stream().filter(Template::own).toList();
        if (!own.isEmpty()) {
            Menu delete = new Menu("Delete");
            own.forEach(
                    template ->
                            delete.getItems()
                                    .add(item(template.name(), () -> model.delete(template))));
            menu.getItems().add(delete);
        }
    }

    private static MenuItem item(String words, Runnable action) {
        MenuItem item = new MenuItem(words);
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> action.run());
        return item;
    }
}
