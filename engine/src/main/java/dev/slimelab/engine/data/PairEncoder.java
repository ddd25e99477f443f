package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Chat.Ending;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.Tokenizer.SpecialToken;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Turns rows into token ids exactly as the DPOTrainer of TRL 1.13 does.
///
/// Prompt and completion are tokenised together, and the completion is what follows the first *n*
/// ids, where *n* is the number of ids of the prompt alone. Where the boundary is no token boundary
/// the two disagree: such a row is cut by length all the same, and noted. Strings get the end token
/// and no template; conversations get the template and no other special tokens.
public final class PairEncoder {
    private final Tokenizer tokenizer;
    private final int maxLength;
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
        this.asked = template == null ? null : ChatTemplate.asked(template, tokenizer);
    }

    /// What became of a row.
    ///
    /// @param pair null if the row cannot be trained on
    /// @param chosenTokensCut tokens of the chosen completion beyond the maximal length; likewise
    ///   for the rejected one
    public record Encoded(
            @Nullable TokenPair pair,
            List<RowProblem> problems,
            int chosenTokensCut,
            int rejectedTokensCut) {
        public Encoded {
            problems = List.copyOf(problems);
        }

        static Encoded dropped(RowProblem problem) {
            return new Encoded(null, List.of(problem), 0, 0);
        }
    }

    /// The row as ids, with what was noticed on the way.
    ///
    /// @throws dev.slimelab.engine.problem.Problem if the row is a conversation and there is no
    ///   template for it
    public Encoded encode(PreferenceRow row) {
        return switch (row.content()) {
            case Strings strings when asked == null -> encodeStrings(row.place(), strings);
            case Strings strings -> encodeConversation(row.place(), strings.asConversation());
            case Conversation conversation -> encodeConversation(row.place(), conversation);
        };
    }

    /// The texts whose ids are compared: the prompt alone, and with each completion.
    private record Texts(String prompt, String withChosen, String withRejected) {}

    private Encoded encodeStrings(Place place, Strings strings) {
        SpecialToken eos = tokenizer.eos();
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
        return encode(place, texts, tokenizer::encodeWithSpecials);
    }

    private static String ended(String completion, String end) {
        return completion.endsWith(end) ? completion : completion + end;
    }

    private Encoded encodeConversation(Place place, Conversation conversation) {
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
                            place,
                            Code.TEMPLATE_REFUSES,
                            null,
                            refusal.what().replaceFirst("\\.$", "")));
        }
        return encode(place, texts, tokenizer::encode);
    }

    private static String whole(
            ChatTemplate template, List<Message> prompt, List<Message> completion) {
        List<Message> all = Stream.concat(prompt.stream(), completion.stream()).toList();
        return template.render(Chat.of(all, Ending.CLOSED));
    }

    private ChatTemplate template() {
        if (asked != null) {
            return asked;
        }
        if (own == null) {
            own = ChatTemplate.of(tokenizer);
        }
        return own;
    }

    /// The prompt goes first: where it leaves no room, the completions need no work.
    private Encoded encode(Place place, Texts texts, Function<String, int[]> ids) {
        int[] prompt = ids.apply(texts.prompt());
        if (prompt.length >= maxLength) {
            return Encoded.dropped(
                    RowProblem.degenerate(
                            place,
                            Code.TRUNCATED_TO_NOTHING,
                            "prompt",
                            "the prompt has %d tokens, which leaves none of %d for the completions"
                                    .formatted(prompt.length, maxLength)));
        }
        return divide(
                place, prompt, ids.apply(texts.withChosen()), ids.apply(texts.withRejected()));
    }

    /// @param chosen ids of prompt and chosen completion together; likewise for the rejected one
    private Encoded divide(Place place, int[] prompt, int[] chosen, int[] rejected) {
        if (chosen.length <= prompt.length || rejected.length <= prompt.length) {
            String side = chosen.length <= prompt.length ? "chosen" : "rejected";
            return Encoded.dropped(
                    RowProblem.degenerate(
                            place,
                            Code.NO_COMPLETION_TOKENS,
                            side,
                            side + " has no token of its own after the prompt"));
        }
        var pair =
                new TokenPair(
                        prompt,
                        completion(chosen, prompt),
                        completion(rejected, prompt),
                        place.line());
        if (Arrays.equals(pair.chosen(), pair.rejected())) {
            return Encoded.dropped(
                    RowProblem.degenerate(
                            place,
                            Code.EQUAL_AFTER_TRUNCATION,
                            null,
                            "chosen and rejected are the same up to " + maxLength + " tokens"));
        }
        return new Encoded(
                pair,
                mismatch(place, prompt, chosen, rejected),
                Math.max(0, chosen.length - maxLength),
                Math.max(0, rejected.length - maxLength));
    }

    private static List<RowProblem> mismatch(
            Place place, int[] prompt, int[] chosen, int[] rejected) {
        boolean inChosen = !startsWith(chosen, prompt);
        if (!inChosen && startsWith(rejected, prompt)) {
            return List.of();
        }
        String side = inChosen ? "chosen" : "rejected";
        return List.of(
                RowProblem.odd(
                        place,
                        Code.PREFIX_MISMATCH,
                        side,
                        "the end of the prompt and the beginning of "
                                + side
                                + " share a token; the tokens are divided by number"));
    }

    private int[] completion(int[] whole, int[] prompt) {
        return Arrays.copyOfRange(whole, prompt.length, Math.min(whole.length, maxLength));
    }

    private static boolean startsWith(int[] whole, int[] prompt) {
        return Arrays.equals(whole, 0, prompt.length, prompt, 0, prompt.length);
    }
}
