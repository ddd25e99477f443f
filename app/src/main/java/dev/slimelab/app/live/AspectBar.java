package dev.slimelab.app.live;

import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.look.Icons;

import javafx.beans.property.ObjectProperty;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.Locale;

/// Chooses from which side a run is looked at.
final class AspectBar extends HBox {
    AspectBar(ObjectProperty<Aspect> aspect) {
        super(2);
        setId("aspects");
        for (Aspect each : Aspect.values()) {
            ToggleButton tab = tab(each);
            tab.setId("aspect-" + each.name().toLowerCase(Locale.ROOT));
            tab.getStyleClass().addAll("flat", "small", "page-tab");
            tab.setOnAction(_ -> aspect.set(each));
            aspect.subscribe(now -> tab.setSelected(now == each));
            getChildren().add(tab);
        }
    }

    private static ToggleButton tab(Aspect aspect) {
        return switch (aspect) {
            case CHARTS -> tab(Feather.TRENDING_UP, "Charts", "Every metric of the run  C");
            case TOKENS -> tab(Feather.GRID, "Tokens", "A held-out pair, token by token  T");
            case ANSWERS -> tab(Feather.MESSAGE_SQUARE, "Answers", "What the model writes  A");
            case MODIFY ->
                    tab(Feather.SLIDERS, "Modify", "Changes while it runs, forks, history  M");
        };
    }

    private static ToggleButton tab(Feather icon, String name, String help) {
        ToggleButton tab = new ToggleButton(name, Icons.icon(icon));
        tab.setTooltip(new Tooltip(help));
        return tab;
    }
}
