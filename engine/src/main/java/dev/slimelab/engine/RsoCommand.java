package dev.slimelab.engine;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.generate.RejectionSampling;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `slimelab rso CANDIDATES.jsonl -o PAIRS.jsonl`: preference pairs from scored answers.
@Command(
        name = "rso",
        description = {
            "Makes preference pairs from scored answers by rejection sampling (RSO, arXiv 2309.06657).",
            "One JSON object a line: prompt, completion, score; a prompt's answers may stand anywhere."
        },
        mixinStandardHelpOptions = true)
final class RsoCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Parameters(paramLabel = "FILE", description = "The scored answers.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path candidates;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Gets the pairs: prompt, chosen, rejected and both scores.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path output;

    @Option(
            names = "--beta",
            paramLabel = "B",
            defaultValue = "0.5",
            description = "In the unit of the scores; default: ${DEFAULT-VALUE}, as in the paper.")
    private double beta;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Answers kept of each prompt; default: ${DEFAULT-VALUE}, as in the paper.")
    private int keep;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the random numbers; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    private record Answer(String text, double score) {}

    @Override
    public Integer call() {
        var sampling = new RejectionSampling(beta, keep);
        Map<String, List<Answer>> byPrompt = read();
        List<String> lines = new ArrayList<>();
        byPrompt.forEach(
                (prompt, answers) -> {
                    double[] scores = answers.stream().mapToDouble(Answer::score).toArray();
                    // Each prompt draws for itself, so that other prompts do not change its pairs.
                    SplitMix64 random = SplitMix64.named(seed, prompt);
                    for (RejectionSampling.Pair pair : sampling.pairs(scores, random)) {
                        lines.add(
                                line(
                                        prompt,
                                        answers.get(pair.chosen()),
                                        answers.get(pair.rejected())));
                    }
                });
        if (lines.isEmpty()) {
            throw Problem.badRequest(
                    "No prompt of " + candidates + " has two kept answers of different scores.",
                    "Give more answers a prompt, or raise --beta.");
        }
        AtomicFile.write(output, String.join("\n", lines) + "\n");
        command.commandLine()
                .getOut()
                .printf("%,d pairs of %,d prompts.%n", lines.size(), byPrompt.size());
        return 0;
    }

    private static String line(String prompt, Answer chosen, Answer rejected) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompt", prompt);
        row.put("chosen", chosen.text);
        row.put("rejected", rejected.text);
        row.put("score_chosen", chosen.score);
        row.put("score_rejected", rejected.score);
        return JSON.writeValueAsString(row);
    }

    private Map<String, List<Answer>> read() {
        List<String> lines;
        try {
            lines = Files.readAllLines(candidates);
        } catch (IOException e) {
            throw Problem.badRequest(
                    candidates + " cannot be read: " + e + ".", "Name a UTF-8 file of JSON lines.");
        }
        Map<String, List<Answer>> byPrompt = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            JsonNode row = parsed(lines.get(i));
            JsonNode score = row.path("score");
            if (!row.path("prompt").isString()
                    || !row.path("completion").isString()
                    || !score.isNumber()
                    || !Double.isFinite(score.doubleValue())) {
                throw Problem.badRequest(
                        "%s:%d is not a scored answer.".formatted(candidates, i + 1),
                        "Give every line the strings prompt and completion and the number score.");
            }
            byPrompt.computeIfAbsent(row.get("prompt").stringValue(), _ -> new ArrayList<>())
                    .add(new Answer(row.get("completion").stringValue(), score.doubleValue()));
        }
        return byPrompt;
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException _) {
            return JSON.missingNode();
        }
    }
}
