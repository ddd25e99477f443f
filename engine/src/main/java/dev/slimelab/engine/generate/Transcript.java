package dev.slimelab.engine.generate;

import dev.slimelab.engine.data.Tokenizer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The text of one continuation as it comes, up to the first stop string.
///
/// Text is given out when it is certain: whole characters, of which none may turn out to be the
/// beginning of a stop string.
final class Transcript {
    private record Pending(Piece.TextToken token, int end) {}

    private final TextDecoder decoder;
    private final List<String> stops;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private String held = "";
    private int released;
    private boolean stopped;

    private Transcript(TextDecoder decoder, List<String> stops) {
        this.decoder = decoder;
        this.stops = List.copyOf(stops);
    }

    /// Of what follows a prompt, without special tokens.
    ///
    /// @param stops none of them empty; the first that appears ends the text and is not part of it
    static Transcript after(int[] prompt, Tokenizer tokenizer, List<String> stops) {
        return new Transcript(new TextDecoder(tokenizer::decodeText, prompt), stops);
    }

    /// The whole text of a prompt, special tokens included except for the one that begins every
    /// text.
    static Piece of(List<ScoredToken> prompt, Tokenizer tokenizer) {
        Transcript transcript =
                new Transcript(new TextDecoder(tokenizer::decode, new int[0]), List.of());
        Tokenizer.SpecialToken begin = tokenizer.bos();
        int hidden = begin != null && prompt.getFirst().id() == begin.id() ? 1 : 0;
        StringBuilder text = new StringBuilder();
        List<Piece.TextToken> tokens = new ArrayList<>();
        prompt.subList(0, hidden).forEach(token -> tokens.add(new Piece.TextToken(token, 0)));
        for (ScoredToken token : prompt.subList(hidden, prompt.size())) {
            Piece piece = transcript.add(token);
            text.append(piece.text());
            tokens.addAll(piece.tokens());
        }
        return new Piece(text + transcript.end().text(), tokens);
    }

    /// Adds a token.
    ///
    /// @return what is certain with it
    public Piece add(ScoredToken token) {
        int offset = released + held.length();
        held += decoder.add(token.id());
        pending.add(new Pending(new Piece.TextToken(token, offset), released + held.length()));
        int stop = firstStop();
        if (stop >= 0) {
            return cutAt(stop);
        }
        return release(held.length() - longestBeginningOfAStop());
    }

    /// Whether a stop string has appeared; nothing can be added then.
    public boolean stopped() {
        return stopped;
    }

    /// Everything that was held back, when no more tokens come.
    public Piece end() {
        held += decoder.rest();
        int stop = firstStop();
        return stop >= 0 ? cutAt(stop) : release(held.length());
    }

    /// As above, where a stop token ended the text: the token comes last and has no text.
    public Piece end(ScoredToken stopToken) {
        Piece rest = end();
        List<Piece.TextToken> tokens = new ArrayList<>(rest.tokens());
        if (!stopped) {
            tokens.add(new Piece.TextToken(stopToken, released));
        }
        return new Piece(rest.text(), tokens);
    }

    private int firstStop() {
        return stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
    }

    /// Tokens of which some text stands before the stop string are kept.
    private Piece cutAt(int stop) {
        stopped = true;
        int end = released + stop;
        List<Piece.TextToken> kept =
                pending.stream().map(Pending::token).filter(token -> token.offset() < end).toList();
        pending.clear();
        Piece piece = new Piece(held.substring(0, stop), kept);
        released = end;
        held = "";
        return piece;
    }

    private Piece release(int length) {
        String text = held.substring(0, length);
        held = held.substring(length);
        released += length;
        List<Piece.TextToken> tokens = new ArrayList<>();
        while (!pending.isEmpty() && pending.getFirst().end <= released) {
            tokens.add(pending.removeFirst().token);
        }
        return new Piece(text, tokens);
    }

    private int longestBeginningOfAStop() {
        return stops.stream().mapToInt(this::endsWithBeginningOf).max().orElse(0);
    }

    private int endsWithBeginningOf(String stop) {
        for (int length = Math.min(stop.length() - 1, held.length()); length > 0; length--) {
            if (held.endsWith(stop.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }
}
