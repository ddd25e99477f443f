package dev.slimelab.engine.generate;

import java.util.Arrays;
import java.util.function.Function;

/// Turns tokens into text as they come. A character whose bytes are spread over several tokens
/// appears when its last byte does.
///
/// A few tokens from before are decoded along, because some tokenizers write a space only after
/// another token. Only the tokens since the last whole character are decoded again, so a long text
/// costs no more per token than a short one.
final class TextDecoder {
    private static final int CONTEXT = 6;

    /// Tokens that are decoded again at most while no character becomes whole, which happens only
    /// where a model writes bytes that are no text.
    private static final int WINDOW = 64;

    private static final char REPLACEMENT = '\uFFFD';

    private final Function<int[], String> decode;
    private int[] window;
    private int shown;

    /// @param decode gives the text of many tokens
    /// @param before what the text continues
    TextDecoder(Function<int[], String> decode, int[] before) {
        this.decode = decode;
        this.window =
                Arrays.copyOfRange(before, Math.max(0, before.length - CONTEXT), before.length);
        this.shown = decode.apply(window).length();
    }

    /// The text that this token completes, possibly none.
    String add(int token) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        String text = decode.apply(window);
        boolean open = !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        if (open && window.length < WINDOW) {
            return show(text.substring(0, text.length() - 1));
        }
        String added = show(text);
        window = new int[] {token};
        shown = decode.apply(window).length();
        return added;
    }

    /// What is left when no more tokens come: marks in place of characters that stayed incomplete.
    String rest() {
        return show(decode.apply(window));
    }

    private String show(String text) {
        if (text.length() <= shown) {
            return "";
        }
        String added = text.substring(shown);
        shown = text.length();
        return added;
    }
}
