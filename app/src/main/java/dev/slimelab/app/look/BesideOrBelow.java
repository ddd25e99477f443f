package dev.slimelab.app.look;

import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

/// Words that wrap, and to their right what can be done about them; below them where it would leave
/// them less than half of the width. Never lower than all of it.
public final class BesideOrBelow extends Pane {
    private static final double GAP = 16;
    private static final double GAP_BELOW = 8;

    private @Nullable Region words;
    private @Nullable Node action;

    /// Takes both in place of what was there.
    ///
    /// @param nextAction null where nothing can be done
    public void set(Region next, @Nullable Node nextAction) {
        words = next;
        action = nextAction;
        getChildren().setAll(next);
        if (nextAction != null) {
            getChildren().add(nextAction);
        }
    }

    public void clear() {
        words = null;
        action = null;
        getChildren().clear();
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private double actionWidth() {
        return action == null ? 0 : action.prefWidth(-1);
    }

    private boolean isBeside(double width) {
        return actionWidth() + GAP <= width / 2;
    }

    private double wordsWidth(double width) {
        return action == null || !isBeside(width) ? width : width - actionWidth() - GAP;
    }

    private double around() {
        Insets insets = getInsets();
        return insets.getLeft() + insets.getRight();
    }

    @Override
    protected double computeMinWidth(double height) {
        return around() + actionWidth();
    }

    @Override
    protected double computePrefWidth(double height) {
        double wide = words == null ? 0 : words.prefWidth(-1);
        return around() + wide + (action == null ? 0 : GAP + actionWidth());
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets insets = getInsets();
        double inner = (width < 0 ? computePrefWidth(-1) : width) - around();
        double tall = words == null ? 0 : words.prefHeight(wordsWidth(inner));
        double lower = action == null ? 0 : action.prefHeight(-1);
        double content =
                action == null
                        ? tall
                        : isBeside(inner) ? Math.max(tall, lower) : tall + GAP_BELOW + lower;
        return insets.getTop() + content + insets.getBottom();
    }

    @Override
    protected void layoutChildren() {
        if (words == null) {
            return;
        }
        Insets insets = getInsets();
        double inner = getWidth() - around();
        double top = insets.getTop();
        double height = getHeight() - top - insets.getBottom();
        double wide = wordsWidth(inner);
        double tall = words.prefHeight(wide);
        if (action == null) {
            words.resizeRelocate(insets.getLeft(), top, wide, height);
            return;
        }
        double lower = action.prefHeight(-1);
        if (isBeside(inner)) {
            words.resizeRelocate(insets.getLeft(), top + (height - tall) / 2, wide, tall);
            action.resizeRelocate(
                    insets.getLeft() + inner - actionWidth(),
                    top + (height - lower) / 2,
                    actionWidth(),
                    lower);
        } else {
            words.resizeRelocate(insets.getLeft(), top, wide, tall);
            action.resizeRelocate(insets.getLeft(), top + tall + GAP_BELOW, actionWidth(), lower);
        }
    }
}
