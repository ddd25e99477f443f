package dev.slimelab.engine.generate;

import dev.slimelab.engine.data.Chat;
import dev.slimelab.engine.data.ChatTemplate;
import dev.slimelab.engine.data.Message;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A model that reads and writes text. Owns neither of its parts.
///
/// @param template how conversations become text, as in a spec; null for the tokenizer's own way
public record TextModel(LanguageModel model, Tokenizer tokenizer, @Nullable String template) {
    /// The tokens of a text that the model is to continue, with what the tokenizer puts around
    /// every text.
    public int[] tokens(String text) {
        return tokenizer.encodeWithSpecials(text);
    }

    /// The tokens of a conversation and the beginning of the model's answer.
    ///
    /// @throws Problem if there is no chat template, or it does not take the messages
    public int[] tokens(List<Message> conversation) {
        ChatTemplate used =
                template == null
                        ? ChatTemplate.of(tokenizer)
                        : ChatTemplate.asked(template, tokenizer);
        return tokenizer.encode(used.render(Chat.of(conversation, Chat.Ending.GENERATION_PROMPT)));
    }

    /// The longest prompt and answer together, in tokens.
    public int positions() {
        return model.config().maxPositions();
    }

    /// Starts to continue prompts, with the adapter if there is one.
    ///
    /// @param prompts token ids
    /// @param stops texts that end a continuation and are not part of it
    /// @param sampling its stop tokens in addition to those of the model, of the tokenizer, and of
    ///   stop strings that are special tokens
    /// @throws Problem as [Generator#begin], and where a stop string is empty
    public Generation begin(
            List<int[]> prompts, Sampling sampling, List<String> stops, TextListener listener) {
        List<Transcript> transcripts =
                prompts.stream().map(prompt -> Transcript.after(prompt, tokenizer, stops)).toList();
        return new Generator(model, Adapter.ON)
                .begin(
                        prompts,
                        sampling.withStopTokens(stopTokens(stops)),
                        new Transcripts(transcripts, listener));
    }

    private Set<Integer> stopTokens(List<String> stops) {
        Set<Integer> tokens = new HashSet<>(model.config().specialTokens().end());
        Tokenizer.SpecialToken end = tokenizer.eos();
        if (end != null) {
            tokens.add(end.id());
        }
        for (String stop : stops) {
            if (stop.isEmpty()) {
                throw Problem.badRequest("A stop string is empty.", "Leave it out.");
            }
            int[] ids = tokenizer.encode(stop);
            if (ids.length == 1 && tokenizer.decodeText(ids).isEmpty()) {
                tokens.add(ids[0]);
            }
        }
        return tokens;
    }

    /// The text of one token, special tokens included. A token that holds a part of a character
    /// only has a mark in its place.
    public String text(int token) {
        return tokenizer.decode(new int[] {token});
    }

    /// The whole text of a prompt, special tokens included except for the one that begins every
    /// text.
    public Piece text(List<ScoredToken> prompt) {
        return Transcript.of(prompt, tokenizer);
    }
}
