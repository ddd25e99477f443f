package dev.slimelab.app.window;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.command.Command.Group;
import dev.slimelab.app.command.Shortcut;

import javafx.beans.property.SimpleBooleanProperty;
import javafx.event.EventTarget;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyEvent;

import java.util.List;
import java.util.function.BooleanSupplier;

/// Runs commands by their keys. What would be typed belongs to a text field while it has the focus,
/// and the space bar to whatever it presses.
final class Keys {
    private final List<Command> commands;
    private final BooleanSupplier behindPanel;
    private final Controls controls;

    /// What the keys must know of the control that has the focus.
    interface Controls {
        /// Whether the space bar has nothing to press there.
        boolean isNothingToPress(EventTarget target);

        /// Elsewhere a text undoes what was typed by itself.
        boolean isInComposer(EventTarget target);
    }

    /// @param behindPanel whether something covers the window: then only its own commands work
    Keys(List<Command> commands, BooleanSupplier behindPanel, Controls controls) {
        this.commands = commands;
        this.behindPanel = behindPanel;
        this.controls = controls;
    }

    void install(Scene scene) {
        SimpleBooleanProperty taken = new SimpleBooleanProperty();
        scene.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    boolean done = run(event);
                    taken.set(done);
                    if (done) {
                        event.consume();
                    }
                });
        // A key that moved the focus into a text field must not also be written there.
        scene.addEventFilter(
                KeyEvent.KEY_TYPED,
                event -> {
                    if (taken.get()) {
                        event.consume();
                    }
                });
    }

    private boolean run(KeyEvent event) {
        for (Command command : commands) {
            boolean meant =
                    command.shortcuts().stream()
                            .anyMatch(
                                    keys -> keys.matches(event) && isFree(keys, event.getTarget()));
            boolean elsewhere =
                    command.group() == Group.COMPOSER
                            && event.getTarget() instanceof TextInputControl
                            && !controls.isInComposer(event.getTarget());
            boolean covered = behindPanel.getAsBoolean() && command.group() != Group.WINDOW;
            if (meant && !covered && !elsewhere && command.canRun()) {
                command.run();
                return true;
            }
        }
        return false;
    }

    private boolean isFree(Shortcut keys, EventTarget target) {
        if (keys.isSpace()) {
            return !(target instanceof Control) || controls.isNothingToPress(target);
        }
        return !keys.isTyped() || !writes(target);
    }

    private static boolean writes(EventTarget target) {
        return target instanceof TextInputControl || target instanceof ComboBox<?>;
    }
}
