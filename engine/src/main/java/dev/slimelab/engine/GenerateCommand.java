package dev.slimelab.engine;

import dev.slimelab.engine.data.Message;
import dev.slimelab.engine.generate.Generation;
import dev.slimelab.engine.generate.Piece;
import dev.slimelab.engine.generate.Sampling;
import dev.slimelab.engine.generate.ScoredToken;
import dev.slimelab.engine.generate.TextListener;
import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.train.ModelSource;
import dev.slimelab.engine.train.OpenModels;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/// `slimelab generate DIR`: continues prompts with a trained run or a model folder.
@Command(
        name = "generate",
        description = "Continues prompts, with what a run has trained or with a model folder.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR[@STATE]",
            description =
                    "A run directory or a Hugging Face folder. Of a run its result or newest"
                            + " checkpoint, or the STATE: base for what it starts from,"
                            + " step-000200 or 200 for a checkpoint.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private String source;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT folder, instead of the run's own or with the folder's model.")
    private @Nullable Path adapter;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "May be given several times. Without any: standard input is one prompt.")
    private List<String> prompts = new ArrayList<>();

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "One prompt a line; empty lines are left out.")
    private @Nullable Path promptFile;

    @Option(
            names = "--chat",
            description = "Prompts are what a user says, and the model's chat template is used.")
    private boolean chat;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "New tokens, at most; default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "0 takes the likeliest token; default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Only the likeliest tokens that together hold this share.")
    private double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Only so many likeliest tokens; 0, the default, for all.")
    private int topK;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Ends an answer and is not part of it. May be given several times.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the random numbers; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--precision", description = "fp32, bf16 or fp64; default: the run's, or fp32.")
    private @Nullable Precision precision;

    @Option(names = "--threads", paramLabel = "N", description = "Default: one per core.")
    private @Nullable Integer threads;

    @Option(
            names = "--json",
            description =
                    "One JSON object a prompt: prompt, text, ended (stop or length), and each token"
                            + " with its log-probability.")
    private boolean json;

    @Option(
            names = "--top-logprobs",
            paramLabel = "N",
            defaultValue = "0",
            description = "With --json: so many likeliest tokens beside each.")
    private int topLogprobs;

    @Mixin private DeviceOption device = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        var choice = new Sampling.Choice(temperature, topK, topP, seed);
        var detail = new Sampling.Detail(topLogprobs, Sampling.Prompts.READ);
        List<String> texts = texts();
        try (Torch torch = Torch.start(device.device(), threads);
                var models = new OpenModels(torch, precision)) {
            TextModel model = models.open(ModelSource.parse(source), adapter);
            List<int[]> tokens = texts.stream().map(text -> tokens(model, text)).toList();
            Answers answers = new Answers(model, texts);
            var sampling = new Sampling(maxTokens, Set.of(), choice, detail);
            try (Generation generation = model.begin(tokens, sampling, stops, answers)) {
                while (generation.step()) {}
            }
            answers.print();
        }
        return 0;
    }

    private int[] tokens(TextModel model, String text) {
        return chat ? model.tokens(List.of(Message.user(text))) : model.tokens(text);
    }

    private List<String> texts() {
        if (promptFile != null && !prompts.isEmpty()) {
            throw Problem.badRequest("Both --prompt and --prompts are given.", "Give one of them.");
        }
        try {
            if (promptFile != null) {
                return lines(promptFile);
            }
            return prompts.isEmpty()
                    ? List.of(new String(System.in.readAllBytes(), StandardCharsets.UTF_8))
                    : prompts;
        } catch (IOException e) {
            throw Problem.badRequest(
                    "The prompts cannot be read: " + e.getMessage() + ".",
                    "Give a text file in UTF-8.",
                    e);
        }
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Problem.badRequest("There is no file " + file + ".", "Correct --prompts.");
        }
        List<String> lines =
                Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw Problem.badRequest(file + " holds no prompt.", "Write one prompt a line.");
        }
        return lines;
    }

    /// What was written after each prompt. A single answer is printed as it comes, several when all
    /// are done.
    private final class Answers implements TextListener {
        private final TextModel model;
        private final List<String> prompts;
        private final List<StringBuilder> texts = new ArrayList<>();
        private final List<List<ScoredToken>> tokens = new ArrayList<>();
        private final End[] ends;

        Answers(TextModel model, List<String> prompts) {
            this.model = model;
            this.prompts = prompts;
            this.ends = new End[prompts.size()];
            prompts.forEach(
                    _ -> {
                        texts.add(new StringBuilder());
                        tokens.add(new ArrayList<>());
                    });
        }

        @Override
        public void text(int prompt, Piece piece) {
            texts.get(prompt).append(piece.text());
            piece.tokens().forEach(token -> tokens.get(prompt).add(token.token()));
            if (streaming()) {
                out().print(piece.text());
                out().flush();
            }
        }

        @Override
        public void ended(int prompt, End end) {
            ends[prompt] = end;
        }

        private boolean streaming() {
            return !json && prompts.size() == 1;
        }

        void print() {
            for (int i = 0; i < prompts.size(); i++) {
                if (json) {
                    out().println(JsonMapper.shared().writeValueAsString(object(i)));
                } else if (streaming()) {
                    out().println();
                } else {
                    out().printf("--- %d: %s%n%s%n", i + 1, prompts.get(i), texts.get(i));
                }
            }
        }

        private Map<String, Object> object(int i) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("prompt", prompts.get(i));
            object.put("text", texts.get(i).toString());
            object.put("ended", ends[i].name().toLowerCase(Locale.ROOT));
            object.put("tokens", tokens.get(i).stream().map(this::object).toList());
            return object;
        }

        private Map<String, Object> object(ScoredToken token) {
            Map<String, Object> object = object(token.id(), token.logp());
            if (topLogprobs > 0) {
                object.put(
                        "likeliest",
                        token.likeliest().stream().map(l -> object(l.id(), l.logp())).toList());
            }
            return object;
        }

        private Map<String, Object> object(int id, double logp) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("id", id);
            object.put("token", model.text(id));
            object.put("logprob", logp);
            return object;
        }
    }

    private PrintWriter out() {
        return command.commandLine().getOut();
    }
}
