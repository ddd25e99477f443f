package dev.slimelab.app.live;

import dev.slimelab.app.chart.HeatMap;
import dev.slimelab.app.live.Journal.Sample;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Follows what a run writes beside its metrics. Not thread-safe.
///
/// Files of tokens are read once each; they vanish and come again where a run was resumed from an
/// earlier checkpoint.
public final class JournalTail {
    /// The histogram's lower end and the width of its bins, in nats.
    static final double LOWEST = -30;

    static final double BIN = 0.5;

    private static final Pattern TOKENS = Pattern.compile("step-(\\d{6,})\\.json");

    private record Read(FileTime modified, HeatMap.Column column) {}

    private final RunDirectory run;
    private final JsonLinesTail events;
    private final JsonLinesTail samples;
    private final List<RunEvent> happened = new ArrayList<>();
    private final List<Sample> answers = new ArrayList<>();
    private final Map<Integer, Read> tokens = new TreeMap<>();
    private Journal journal = Journal.EMPTY;

    public JournalTail(RunDirectory run) {
        this.run = run;
        events = new JsonLinesTail(run.events());
        samples = new JsonLinesTail(run.samples());
    }

    /// Takes what has been written since the last call; returns whether anything changed.
    public boolean poll() {
        JsonLinesTail.Lines news = events.poll();
        if (news.restarted()) {
            happened.clear();
        }
        for (JsonNode line : news.lines()) {
            RunEvent event = RunEvent.of(line);
            if (event != null) {
                happened.add(event);
            }
        }
        JsonLinesTail.Lines generated = samples.poll();
        if (generated.restarted()) {
            answers.clear();
        }
        generated.lines().forEach(line -> answers.add(sample(line)));
        pollTokens();
        Journal next =
                new Journal(
                        happened,
                        answers,
                        tokens.values().stream().map(Read::column).toList(),
                        run.checkpoints().all().stream().map(Checkpoint::step).toList());
        boolean changed = !next.equals(journal);
        journal = next;
        return changed;
    }

    /// All there was at the last poll.
    public Journal journal() {
        return journal;
    }

    private static Sample sample(JsonNode line) {
        return new Sample(
                line.path("step").asInt(0),
                line.path("prompt").asString(""),
                line.path("answer").asString(""),
                line.path("ended").asBoolean(true));
    }

    private void pollTokens() {
        Map<Integer, Path> files = tokenFiles();
        tokens.keySet().retainAll(files.keySet());
        files.forEach(
                (step, file) -> {
                    try {
                        FileTime modified = Files.getLastModifiedTime(file);
                        Read known = tokens.get(step);
                        if (known == null || !known.modified().equals(modified)) {
                            tokens.put(step, new Read(modified, column(step, file)));
                        }
                    } catch (NoSuchFileException _) {
                        tokens.remove(step); // cut off while we were looking
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private Map<Integer, Path> tokenFiles() {
        Map<Integer, Path> found = new TreeMap<>();
        if (!Files.isDirectory(run.tokens())) {
            return found;
        }
        try (Stream<Path> files = Files.list(run.tokens())) {
            for (Path file : files.toList()) {
                Matcher name = TOKENS.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.put(Integer.parseInt(name.group(1)), file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /// A file without a histogram, which no engine writes, has an empty one.
    private static HeatMap.Column column(int step, Path file) throws IOException {
        List<Integer> counts = new ArrayList<>();
        try {
            JsonMapper.shared()
                    .readTree(Files.readAllBytes(file))
                    .path("histogram/rejected")
                    .forEach(count -> counts.add(count.asInt(0)));
        } catch (JacksonException e) {
            throw new IOException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
        return new HeatMap.Column(step, counts);
    }
}
