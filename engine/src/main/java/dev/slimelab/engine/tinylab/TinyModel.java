package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.tinylab.BytePairTrainer.Merge;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The built-in model's folder without its weights: tokenizer, markers and shape, in the files that
/// Hugging Face libraries read.
///
/// A text is `<|user|>` prompt `<|bot|>` answer `<|end|>` with nothing between the markers and the
/// words. Markers are single tokens that no merge crosses, so the tokens of an answer are the same
/// after any prompt, and prompt and answer may be encoded apart.
public final class TinyModel {
    /// The four special tokens; their ids come first.
    public enum Marker {
        /// Fills a batch; is never predicted.
        PAD(0, "<|pad|>"),
        /// Starts the prompt.
        USER(1, "<|user|>"),
        /// Ends the prompt and starts the answer.
        BOT(2, "<|bot|>"),
        /// Ends the answer.
        END(3, "<|end|>");

        private final int id;
        private final String text;

        Marker(int id, String text) {
            this.id = id;
            this.text = text;
        }

        public String text() {
            return text;
        }

        public int id() {
            return id;
        }
    }

    private static final int BYTES = 256;
    private static final int MERGES = 380;

    /// Entries of the tokenizer: 4 markers, 256 bytes and 380 merges, with ids in this order.
    public static final int VOCABULARY = Marker.values().length + BYTES + MERGES;

    /// The longest text in tokens; the corpus stays far below.
    private static final int POSITIONS = 256;

    private static final String CHAT_TEMPLATE =
            """
            {% for message in messages %}\
            {% if message['role'] == 'user' %}<|user|>{{ message['content'] }}\
            {% elif message['role'] == 'assistant' %}<|bot|>{{ message['content'] }}<|end|>\
            {% else %}{{ raise_exception('The tiny model knows only the roles user and assistant.') }}\
            {% endif %}\
            {% endfor %}\
            {% if add_generation_prompt %}<|bot|>{% endif %}""";

    private TinyModel() {}

    /// Writes `tokenizer.json`, `tokenizer_config.json` and `config.json` into a folder; the bytes
    /// are the same on every machine.
    public static void write(Path folder) {
        ObjectWriter json = JsonMapper.builder().build().writer().with(unixPrinter());
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, Map<String, @Nullable Object>> file : files().entrySet()) {
                AtomicFile.write(
                        folder.resolve(file.getKey()),
                        json.writeValueAsString(file.getValue()) + "\n");
            }
        } catch (IOException e) {
            throw Problem.failed(
                    "The tiny model's files could not be written to " + folder + ".",
                    "Check that the folder can be written.",
                    e);
        }
    }

    private static Map<String, Map<String, @Nullable Object>> files() {
        Map<String, Map<String, @Nullable Object>> files = new LinkedHashMap<>();
        files.put(
                "tokenizer.json",
                tokenizer(BytePairTrainer.learn(Corpus.tokenizerTexts(), MERGES)));
        files.put("tokenizer_config.json", tokenizerConfig());
        files.put("config.json", config());
        return files;
    }

    /// The format of the `tokenizers` library. Merges are written as `left right`, which its old
    /// and new versions read.
    private static Map<String, @Nullable Object> tokenizer(List<Merge> merges) {
        Map<String, @Nullable Object> model = object();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", null);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        model.put("vocab", vocabulary(merges));
        model.put(
                "merges",
                merges.stream().map(merge -> merge.left() + " " + merge.right()).toList());

        Map<String, @Nullable Object> tokenizer = object();
        tokenizer.put("version", "1.0");
        tokenizer.put("truncation", null);
        tokenizer.put("padding", null);
        tokenizer.put(
                "added_tokens", Stream.of(Marker.values()).map(TinyModel::addedToken).toList());
        tokenizer.put("normalizer", null);
        tokenizer.put("pre_tokenizer", preTokenizer());
        tokenizer.put("post_processor", null);
        tokenizer.put("decoder", byteLevel());
        tokenizer.put("model", model);
        return tokenizer;
    }

    private static Map<String, Integer> vocabulary(List<Merge> merges) {
        List<String> entries = new ArrayList<>();
        Stream.of(Marker.values()).map(Marker::text).forEach(entries::add);
        IntStream.range(0, BYTES).mapToObj(BytePairTrainer::symbol).forEach(entries::add);
        merges.stream().map(Merge::merged).forEach(entries::add);
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        entries.forEach(entry -> vocabulary.putIfAbsent(entry, vocabulary.size()));
        if (vocabulary.size() != VOCABULARY) {
            throw new AssertionError("the corpus gives " + vocabulary.size() + " different tokens");
        }
        return vocabulary;
    }

    private static Map<String, @Nullable Object> addedToken(Marker marker) {
        Map<String, @Nullable Object> token = object();
        token.put("id", marker.id());
        token.put("content", marker.text());
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
        return token;
    }

    private static Map<String, @Nullable Object> preTokenizer() {
        Map<String, @Nullable Object> split = object();
        split.put("type", "Split");
        split.put("pattern", Map.of("Regex", BytePairTrainer.SPLIT_RULE));
        split.put("behavior", "Isolated");
        split.put("invert", false);
        Map<String, @Nullable Object> sequence = object();
        sequence.put("type", "Sequence");
        sequence.put("pretokenizers", List.of(split, byteLevel()));
        return sequence;
    }

    private static Map<String, @Nullable Object> byteLevel() {
        Map<String, @Nullable Object> byteLevel = object();
        byteLevel.put("type", "ByteLevel");
        byteLevel.put("add_prefix_space", false);
        byteLevel.put("trim_offsets", true);
        byteLevel.put("use_regex", false);
        return byteLevel;
    }

    private static Map<String, @Nullable Object> tokenizerConfig() {
        Map<String, @Nullable Object> config = object();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", null);
        config.put("eos_token", Marker.END.text());
        config.put("pad_token", Marker.PAD.text());
        config.put("unk_token", null);
        config.put("additional_special_tokens", List.of(Marker.USER.text(), Marker.BOT.text()));
        config.put("clean_up_tokenization_spaces", false);
        config.put("model_max_length", POSITIONS);
        config.put("chat_template", CHAT_TEMPLATE);
        return config;
    }

    /// A Llama of 400,800 parameters: `640 · 96` tied embeddings, three layers of `4 · 96² + 3 · 96
    /// · 264 + 2 · 96`, and the last norm's 96.
    private static Map<String, @Nullable Object> config() {
        Map<String, @Nullable Object> config = object();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("vocab_size", VOCABULARY);
        config.put("hidden_size", 96);
        config.put("intermediate_size", 264);
        config.put("num_hidden_layers", 3);
        config.put("num_attention_heads", 4);
        config.put("num_key_value_heads", 4);
        config.put("head_dim", 24);
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", POSITIONS);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("rope_scaling", null);
        config.put("attention_bias", false);
        config.put("attention_dropout", 0.0);
        config.put("mlp_bias", false);
        config.put("tie_word_embeddings", true);
        config.put("initializer_range", 0.02);
        config.put("bos_token_id", null);
        config.put("eos_token_id", Marker.END.id());
        config.put("pad_token_id", Marker.PAD.id());
        config.put("torch_dtype", "float32");
        config.put("use_cache", true);
        return config;
    }

    /// Keeps its keys in the order of insertion, as the files should.
    private static Map<String, @Nullable Object> object() {
        return new LinkedHashMap<>();
    }

    /// One entry a line, two spaces deep, and the same line ends on every system.
    private static DefaultPrettyPrinter unixPrinter() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }
}
