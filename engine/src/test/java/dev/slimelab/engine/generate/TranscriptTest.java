package dev.slimelab.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.data.Tokenizer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class TranscriptTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Path.of("..", "assets", "tiny"));

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void charactersSpreadOverTokensAppearWhole() {
        // The built-in tokenizer has one token for each byte of what its corpus does not hold.
        String text = "né 🙂!";
        int[] tokens = TOKENIZER.encode(text);
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of());
        List<String> shown = new ArrayList<>();
        for (int token : tokens) {
            shown.add(transcript.add(scored(token)).text());
        }
        assertThat(tokens).hasSizeGreaterThan(text.length());
        assertThat(shown).noneMatch(piece -> piece.contains("\uFFFD"));
        assertThat(shown).contains("🙂");
        assertThat(String.join("", shown) + transcript.end().text()).isEqualTo(text);
    }

    @Test
    void aCharacterThatNeverBecomesWholeIsMarkedAtTheEnd() {
        int[] tokens = TOKENIZER.encode("a🙂");
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of());
        StringBuilder shown = new StringBuilder();
        for (int token : Arrays.copyOf(tokens, tokens.length - 1)) {
            shown.append(transcript.add(scored(token)).text());
        }
        assertThat(shown.toString()).isEqualTo("a");
        assertThat(transcript.end().text()).isEqualTo("\uFFFD");
    }

    @Test
    void bytesThatAreNoTextDoNotHoldTheTextBackForEver() {
        int lead = TOKENIZER.encode("🙂")[0];
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of());
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            shown.append(transcript.add(scored(lead)).text());
        }
        assertThat(shown.length()).isBetween(190, 200);
        assertThat(shown + transcript.end().text()).isEqualTo("\uFFFD".repeat(200));
    }

    @Test
    void aStopStringIsFoundAcrossTokensAndNothingOfItIsShown() {
        int[] tokens = TOKENIZER.encode("Ones: 1 + 2 = 3.\nAnswer: 3");
        String stop = ".\nAns";
        assertThat(Arrays.stream(tokens).mapToObj(t -> TOKENIZER.decode(new int[] {t})))
                .as("no token holds the stop string")
                .noneMatch(token -> token.contains(stop));
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of("xyz", stop));
        StringBuilder shown = new StringBuilder();
        for (int token : tokens) {
            if (!transcript.stopped()) {
                shown.append(transcript.add(scored(token)).text());
            }
        }
        assertThat(transcript.stopped()).isTrue();
        assertThat(shown.toString()).isEqualTo("Ones: 1 + 2 = 3");
    }

    @Test
    void theBeginningOfAStopStringIsShownWhenItTurnsOutToBeNone() {
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of("= 4"));
        StringBuilder shown = new StringBuilder();
        List<Integer> told = new ArrayList<>();
        for (int token : TOKENIZER.encode("2 = 3.")) {
            Piece piece = transcript.add(scored(token));
            shown.append(piece.text());
            piece.tokens().forEach(each -> told.add(each.token().id()));
        }
        assertThat(shown.toString()).isEqualTo("2 = 3.");
        assertThat(told.stream().mapToInt(Integer::intValue))
                .containsExactly(
                        Arrays.stream(TOKENIZER.encode("2 = 3.")).boxed().toArray(Integer[]::new));
    }

    @Test
    void aStopStringAtTheVeryEndEndsTheText() {
        Transcript transcript = Transcript.after(new int[] {2}, TOKENIZER, List.of("= 3"));
        StringBuilder shown = new StringBuilder();
        for (int token : TOKENIZER.encode("2 = 3")) {
            shown.append(transcript.add(scored(token)).text());
        }
        assertThat(shown + transcript.end().text()).isEqualTo("2 ");
        assertThat(transcript.stopped()).isTrue();
    }

    @Test
    void offsetsSayWhereEachTokensTextBegins() {
        String text = "<|user|>Add 3 and 4.<|bot|>";
        List<ScoredToken> prompt =
                Arrays.stream(TOKENIZER.encode(text)).mapToObj(TranscriptTest::scored).toList();
        Piece piece = Transcript.of(prompt, TOKENIZER);
        assertThat(piece.text()).isEqualTo(text);
        assertThat(piece.tokens()).hasSameSizeAs(prompt);
        for (Piece.TextToken token : piece.tokens()) {
            assertThat(text.substring(token.offset()))
                    .startsWith(TOKENIZER.decode(new int[] {token.token().id()}));
        }
    }

    private static ScoredToken scored(int id) {
        return new ScoredToken(id, -1, List.of());
    }
}
