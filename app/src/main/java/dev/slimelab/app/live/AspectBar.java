package dev.slimelab.app.live;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.look.Icons;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;

import java.util.Locale;
import java.util.function.Function;

/// Chooses from which side a run is looked at.
final class AspectBar extends HBox {
    AspectBar(ObservableValue<Aspect> aspect, Function<Aspect, Command> look) {
        super(2);
        setId("aspects");
        for (Aspect each : Aspect.values()) {
            Command command = look.apply(each);
            ToggleButton tab = new ToggleButton(command.words(), Icons.icon(command.icon()));
            tab.setTooltip(command.tooltip(help(each)));
            tab.setId("aspect-" + each.name().toLowerCase(Locale.ROOT));
            tab.getStyleClass().addAll("flat", "small", "page-tab");
            tab.setOnAction(
                    _ -> {
                        command.run();
                        tab.setSelected(true); // pressing the chosen one does not take it back
                    });
            aspect.subscribe(now -> tab.setSelected(now == each));
            getChildren().add(tab);
        }
    }

    private static String help(Aspect aspect) {
        return switch (aspect) {
            case CHARTS -> "Every metric of the run";
            case TOKENS -> "A held-out pair, token by token";
            case ANSWERS -> "What the model writes";
            case MODIFY -> "Changes while it runs, forks, history";
        };
    }
}
