package dev.slimelab.engine.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Text to token ids and back, as the model's own `tokenizer.json` says.
///
/// Wraps the native Hugging Face library, which reads merges written as pairs and as strings. Any
/// number of threads may use it. Holds native memory: close it.
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer library;
    private final TokenizerFiles files;

    private Tokenizer(HuggingFaceTokenizer library, TokenizerFiles files) {
        this.library = library;
        this.files = files;
    }

    /// Reads `tokenizer.json`, and beside it `tokenizer_config.json`, `special_tokens_map.json`,
    /// `chat_template.jinja` and `chat_template.json` where they exist.
    ///
    /// @throws Problem if there is no `tokenizer.json` or it cannot be understood
    public static Tokenizer load(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw Problem.badRequest(
                    "The folder " + folder + " has no tokenizer.json.",
                    "Point model.tokenizerPath at a folder that has one, as Hugging Face models do.");
        }
        TokenizerFiles files = TokenizerFiles.read(folder);
        try {
            // Cutting is done here, where it is counted; padding is not done at all.
            return new Tokenizer(
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optTruncation(false)
                            .optPadding(false)
                            .build(),
                    files);
        } catch (IOException | RuntimeException e) {
            throw Problem.badRequest(
                    "The file " + file + " cannot be read as a tokenizer: " + e.getMessage() + ".",
                    "Copy it again from the model, or save it again with a current version of transformers.",
                    e);
        }
    }

    /// The ids of exactly this text: markers in the text become special tokens, none are added. For
    /// text that a template has rendered.
    public int[] encode(String text) {
        return ids(text, false);
    }

    /// The ids of the text with what the tokenizer puts around every text, such as a beginning
    /// marker. For text without a template.
    public int[] encodeWithSpecials(String text) {
        return ids(text, true);
    }

    /// The pieces of the text as the vocabulary writes them, one for each id of [#encode].
    public List<String> tokens(String text) {
        return List.of(library.encode(text, false, false).getTokens());
    }

    /// The text of the ids, special tokens included.
    public String decode(int[] ids) {
        return library.decode(longs(ids), false);
    }

    /// The text of the ids as a reader wants it, without special tokens.
    public String decodeText(int[] ids) {
        return library.decode(longs(ids), true);
    }

    /// One more than the largest id: the rows that a model's embedding needs.
    public int vocabularySize() {
        return files.vocabularySize();
    }

    /// A token with a task of its own.
    public record SpecialToken(String text, int id) {}

    /// Ends an answer. Null where the tokenizer names none, as for the other special tokens.
    public @Nullable SpecialToken eos() {
        return special("eos_token");
    }

    public @Nullable SpecialToken bos() {
        return special("bos_token");
    }

    public @Nullable SpecialToken pad() {
        return special("pad_token");
    }

    /// The texts of all special tokens by the names that templates know them by, such as
    /// `bos_token`.
    public Map<String, String> specialTokens() {
        return files.specialTokens();
    }

    /// The Jinja source of the model's chat template, if it has one.
    public ChatTemplate.@Nullable Source chatTemplate() {
        return files.chatTemplate();
    }

    private @Nullable SpecialToken special(String key) {
        String text = files.specialToken(key);
        if (text == null) {
            return null;
        }
        int[] ids = encode(text);
        if (ids.length != 1) {
            throw Problem.badRequest(
                    "The tokenizer names %s as its %s, and that is %d tokens, not one: %s."
                            .formatted(text, key, ids.length, String.join(" ", tokens(text))),
                    "Correct tokenizer_config.json, or add the token to tokenizer.json.");
        }
        return new SpecialToken(text, ids[0]);
    }

    /// Asks for the ids alone: the library's own way fetches six more arrays and an object for
    /// every token, which costs more than the tokenising.
    private int[] ids(String text, boolean withSpecials) {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, withSpecials);
        try {
            return LongStream.of(TokenizersLibrary.LIB.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private static long[] longs(int[] ids) {
        return Arrays.stream(ids).asLongStream().toArray();
    }

    @Override
    public void close() {
        library.close();
    }
}
