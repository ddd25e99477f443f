package dev.slimelab.app.window;

import atlantafx.base.controls.ToggleSwitch;

import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.playground.PlaygroundView;
import dev.slimelab.app.playground.PlaygroundViewModel;

import javafx.beans.property.SimpleBooleanProperty;
import javafx.event.EventTarget;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

import java.util.List;

/// The keys of the window. Letters belong to a text field while it has the focus.
final class Keys {
    private Keys() {}

    /// What a key sets off in the window itself.
    record Actions(List<Page> pages, Runnable focusFilter, Runnable exportFigure) {}

    static void install(Node root, WindowViewModel model, Actions actions) {
        SimpleBooleanProperty taken = new SimpleBooleanProperty();
        root.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    boolean done =
                            event.isShortcutDown()
                                    ? withControl(event, model)
                                    : plain(event, model, actions);
                    taken.set(done);
                    if (done) {
                        event.consume();
                    }
                });
        // A key that moved the focus into a text field must not also be written there.
        root.addEventFilter(
                KeyEvent.KEY_TYPED,
                event -> {
                    if (taken.get()) {
                        event.consume();
                    }
                });
    }

    private static boolean withControl(KeyEvent event, WindowViewModel model) {
        switch (event.getCode()) {
            case ENTER -> model.go();
            case PERIOD -> model.halt();
            case T -> model.toggleTheme();
            default -> {
                return (isOnPlayground(model) && judge(event, model.playground()))
                        || (!isOnPlayground(event.getTarget()) && undo(event, model));
            }
        }
        return true;
    }

    private static boolean isOnPlayground(WindowViewModel model) {
        return model.page().get().equals(WindowViewModel.PLAYGROUND_PAGE);
    }

    /// Whether the prompt or a field beside it has the focus, which undo what was typed themselves.
    private static boolean isOnPlayground(EventTarget target) {
        Node node = target instanceof Node focused ? focused : null;
        while (node != null && !(node instanceof PlaygroundView)) {
            node = node.getParent();
        }
        return node != null;
    }

    private static boolean undo(KeyEvent event, WindowViewModel model) {
        switch (event.getCode()) {
            case Z -> model.composer().undo();
            case Y -> model.composer().redo();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean judge(KeyEvent event, PlaygroundViewModel playground) {
        switch (event.getCode()) {
            case DIGIT1 -> playground.vote(0);
            case DIGIT2 -> playground.vote(1);
            case DIGIT3 -> playground.vote(2);
            case DIGIT4 -> playground.vote(3);
            case DIGIT0 -> playground.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean plain(KeyEvent event, WindowViewModel model, Actions actions) {
        if (writes(event.getTarget())) {
            return false;
        }
        if (event.getCode() == KeyCode.SPACE && isPressed(event.getTarget())) {
            return false; // presses what has the focus
        }
        for (Page page : actions.pages()) {
            if (event.getCode() == page.key()) {
                model.page().set(page.name());
                return true;
            }
        }
        switch (event.getCode()) {
            case N -> model.newRun();
            case SPACE -> model.pauseOrResume();
            case O -> model.toggleOverlay();
            case D -> model.useAsNewRun();
            case I -> model.inspect();
            case L -> model.live().toggle(ChartOption.LOGARITHMIC_STEPS);
            case S -> model.live().toggle(ChartOption.SMOOTHED);
            case R -> model.live().toggle(ChartOption.RAW);
            case C -> model.look(Aspect.CHARTS);
            case T -> model.look(Aspect.TOKENS);
            case A -> model.look(Aspect.ANSWERS);
            case M -> model.look(Aspect.MODIFY);
            case F -> model.chooseFork();
            case E -> actions.exportFigure().run();
            case SLASH -> actions.focusFilter().run();
            case ESCAPE -> model.dismissNotice();
            default -> {
                return false;
            }
        }
        return true;
    }

    /// Whether the space bar presses it.
    private static boolean isPressed(EventTarget target) {
        return target instanceof ButtonBase || target instanceof ToggleSwitch;
    }

    private static boolean writes(EventTarget target) {
        return target instanceof TextInputControl || target instanceof ComboBox<?>;
    }
}
