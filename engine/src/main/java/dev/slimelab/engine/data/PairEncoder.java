package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Chat.Ending;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.Tokenizer.SpecialToken;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Turns rows into token ids exactly as the DPOTrainer of TRL 1.13 does.
///
/// Prompt and completion are tokenised together, and the completion is what follows the first *n*
/// ids, where *n* is the number of ids of the prompt alone. Where the boundary is no token boundary
/// the two disagree: such a row is cut by length all the same, and noted. Strings get the end token
/// and no template; conversations get the template and no other special tokens. Any number of
/// threads may use it.
public final class PairEncoder {
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final @Nullable SpecialToken bos;
    private final @Nullable SpecialToken eos;
    private final @Nullable ChatTemplate asked;
    private @Nullable ChatTemplate own;

    /// @param template a built-in template or a file, as in [DataRequest], which strings then get
    ///   too, as one turn of the user and one of the assistant; null for the tokenizer's own, which
    ///   only conversations get
    /// @param maxLength tokens of prompt and completion together; the end of what is longer is cut
    ///   (`keep_start` in TRL)
    public PairEncoder(Tokenizer tokenizer, @Nullable String template, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.bos = tokenizer.bos();
        this.eos = tokenizer.eos();
        this.asked = template == null ? null : ChatTemplate.asked(template, tokenizer);
    }

    /// What became of a row.
    ///
    /// @param pair null if the row cannot be trained on
    /// @param lengths before anything is cut; null if the row could not be tokenised
    public record Encoded(
            @Nullable TokenPair pair, List<RowProblem> problems, @Nullable Lengths lengths) {
        public Encoded {
            problems = List.copyOf(problems);
        }

        static Encoded dropped(RowProblem problem) {
            return new Encoded(null, List.of(problem), null);
        }
    }

    /// Tokens of the prompt, and of each completion without it; 0 for a completion that the row
    /// does not have.
    public record Lengths(int prompt, int chosen, int rejected) {}

    /// The row as ids, with what was noticed on the way.
    ///
    /// @throws dev.slimelab.engine.problem.Problem if the row is a conversation and there is no
    ///   template for it
    public Encoded encode(PreferenceRow row) {
        return switch (row.content()) {
            case Strings strings when asked == null -> encodeStrings(row, strings);
            case Strings strings -> encodeConversation(row, strings.asConversation());
            case Conversation conversation -> encodeConversation(row, conversation);
        };
    }

    /// The texts whose ids are compared: the prompt alone, and with each completion.
    private record Texts(String prompt, String withChosen, String withRejected) {}

    private Encoded encodeStrings(PreferenceRow row, Strings strings) {
        if (eos == null) {
            throw Problem.badRequest(
                    "The data holds plain strings, and the tokenizer names no end token to put after them.",
                    "Name eos_token in tokenizer_config.json, or set data.template.");
        }
        var texts =
                new Texts(
                        strings.prompt(),
                        strings.prompt() + ended(strings.chosen(), eos.text()),
                        strings.prompt() + ended(strings.rejected(), eos.text()));
        return encode(row, texts, tokenizer::encodeWithSpecials);
    }

    private static String ended(String completion, String end) {
        return completion.endsWith(end) ? completion : completion + end;
    }

    private Encoded encodeConversation(PreferenceRow row, Conversation conversation) {
        ChatTemplate template = template();
        Texts texts;
        try {
            texts =
                    new Texts(
                            template.render(
                                    Chat.of(conversation.prompt(), Ending.GENERATION_PROMPT)),
                            whole(template, conversation.prompt(), conversation.chosen()),
                            whole(template, conversation.prompt(), conversation.rejected()));
        } catch (Problem refusal) {
            return Encoded.dropped(
                    RowProblem.malformed(
                            row.place(),
                            Code.TEMPLATE_REFUSES,
                            null,
                            refusal.what().replaceFirst("\\.$", "")));
        }
        return encode(row, texts, tokenizer::encode);
    }

    private static String whole(
            ChatTemplate template, List<Message> prompt, List<Message> completion) {
        List<Message> all = Stream.concat(prompt.stream(), completion.stream()).toList();
        return template.render(Chat.of(all, Ending.CLOSED));
    }

    private synchronized ChatTemplate template() {
        if (asked != null) {
            return asked;
        }
        if (own == null) {
            own = ChatTemplate.of(tokenizer);
        }
        return own;
    }

    private Encoded encode(PreferenceRow row, Texts texts, Function<String, int[]> ids) {
        int[] prompt = ids.apply(texts.prompt());
        int[] chosen = ids.apply(texts.withChosen());
        int[] rejected = row.kind() == Kind.PAIRS ? ids.apply(texts.withRejected()) : prompt;
        var lengths =
                new Lengths(
                        prompt.length,
                        Math.max(0, chosen.length - prompt.length),
                        Math.max(0, rejected.length - prompt.length));
        RowProblem degenerate = degenerate(row, lengths);
        if (degenerate != null) {
            return new Encoded(null, List.of(degenerate), lengths);
        }
        var pair =
                new TokenPair(
                        prompt,
                        completion(chosen, prompt),
                        completion(rejected, prompt),
                        row.settings());
        if (Arrays.equals(pair.chosen(), pair.rejected())) {
            return new Encoded(null, List.of(equalAfterTruncation(row.place())), lengths);
        }
        List<RowProblem> odd = new ArrayList<>();
        addMismatch(odd, row.place(), prompt, chosen, rejected);
        addDoubled(odd, row.place(), "chosen", chosen);
        addDoubled(odd, row.place(), "rejected", rejected);
        return new Encoded(pair, odd, lengths);
    }

    private @Nullable RowProblem degenerate(PreferenceRow row, Lengths lengths) {
        if (lengths.prompt() >= maxLength) {
            return RowProblem.degenerate(
                    row.place(),
                    Code.TRUNCATED_TO_NOTHING,
                    "prompt",
                    "the prompt has %d tokens, which leaves none of %d for the completions"
                            .formatted(lengths.prompt(), maxLength));
        }
        boolean rejectedIsEmpty = row.kind() == Kind.PAIRS && lengths.rejected() == 0;
        if (lengths.chosen() > 0 && !rejectedIsEmpty) {
            return null;
        }
        String side = lengths.chosen() == 0 ? "chosen" : "rejected";
        return RowProblem.degenerate(
                row.place(),
                Code.NO_COMPLETION_TOKENS,
                side,
                side + " has no token of its own after the prompt");
    }

    private RowProblem equalAfterTruncation(Place place) {
        return RowProblem.degenerate(
                place,
                Code.EQUAL_AFTER_TRUNCATION,
                null,
                "chosen and rejected are the same up to " + maxLength + " tokens");
    }

    private static void addMismatch(
            List<RowProblem> found, Place place, int[] prompt, int[] chosen, int[] rejected) {
        boolean inChosen = !startsWith(chosen, prompt);
        if (!inChosen && startsWith(rejected, prompt)) {
            return;
        }
        String side = inChosen ? "chosen" : "rejected";
        found.add(
                RowProblem.odd(
                        place,
                        Code.PREFIX_MISMATCH,
                        side,
                        "the end of the prompt and the beginning of "
                                + side
                                + " share a token; the tokens are divided by number"));
    }

    /// Text or template that writes a marker which is added as well.
    private void addDoubled(List<RowProblem> found, Place place, String side, int[] ids) {
        int end = ids.length - 1;
        if (end < 1) {
            return;
        }
        if (bos != null && side.equals("chosen") && ids[0] == bos.id() && ids[1] == bos.id()) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.DOUBLED_BOS,
                            "prompt",
                            "the prompt begins with %s twice".formatted(bos.text())));
        }
        if (eos != null && ids[end] == eos.id() && ids[end - 1] == eos.id()) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.DOUBLED_EOS,
                            side,
                            "%s ends with %s twice".formatted(side, eos.text())));
        }
    }

    private int[] completion(int[] whole, int[] prompt) {
        return Arrays.copyOfRange(whole, prompt.length, Math.min(whole.length, maxLength));
    }

    private static boolean startsWith(int[] whole, int[] prompt) {
        return Arrays.equals(whole, 0, prompt.length, prompt, 0, prompt.length);
    }
}
