package dev.slimelab.app.data;

import dev.slimelab.app.data.Account.Token;

import javafx.geometry.Orientation;
import javafx.scene.layout.Region;
import javafx.scene.shape.Path;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Text as its tokens: every other one on a shade, so that their ends show, and marks under those
/// that differ. What the loss does not count is pale and has no shade.
final class TokenFlow extends Region {
    /// Offsets of characters.
    private record Range(int from, int to) {}

    private final TextFlow words = new TextFlow();
    private final Path shade = new Path();
    private final Path marks = new Path();
    private final List<Range> shaded = new ArrayList<>();
    private final List<Range> marked = new ArrayList<>();

    /// @param differing indices of the tokens to mark
    TokenFlow(List<Token> tokens, BitSet differing) {
        getStyleClass().add("tokens");
        shade.getStyleClass().add("token-shade");
        marks.getStyleClass().add("token-mark");
        shade.setManaged(false);
        marks.setManaged(false);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String shown = visible(tokens.get(i).text());
            Range range = new Range(all.length(), all.length() + shown.length());
            if (tokens.get(i).trained() && i % 2 == 0) {
                shaded.add(range);
            }
            if (differing.get(i)) {
                addMark(range);
            }
            all.append(shown);
        }
        Text text = new Text(all.toString());
        boolean trained = !tokens.isEmpty() && tokens.getFirst().trained();
        text.getStyleClass().add(trained ? "token-trained" : "token-untrained");
        words.getChildren().add(text);
        setAccessibleText(all.toString());
        getChildren().addAll(shade, marks, words);
    }

    private void addMark(Range range) {
        Range last = marked.isEmpty() ? null : marked.getLast();
        if (last != null && last.to() == range.from()) {
            marked.set(marked.size() - 1, new Range(last.from(), range.to()));
        } else {
            marked.add(range);
        }
    }

    /// Line ends stay, and show.
    private static String visible(String text) {
        return text.replace("\r", "␍").replace("\n", "↵\n").replace("\t", "⇥");
    }

    @Override
    protected void layoutChildren() {
        words.resizeRelocate(0, 0, getWidth(), words.prefHeight(getWidth()));
        words.layout();
        show(shade, shaded);
        show(marks, marked);
    }

    private void show(Path path, List<Range> ranges) {
        path.getElements().clear();
        for (Range range : ranges) {
            path.getElements().addAll(words.getRangeShape(range.from(), range.to(), false));
        }
    }

    @Override
    protected double computePrefWidth(double height) {
        return words.prefWidth(height);
    }

    @Override
    protected double computePrefHeight(double width) {
        return words.prefHeight(width);
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }
}
