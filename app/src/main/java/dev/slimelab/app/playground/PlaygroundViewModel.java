package dev.slimelab.app.playground;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.playground.Answer.Phase;
import dev.slimelab.app.playground.PlayColumn.Choice;
import dev.slimelab.app.playground.SamplingFields.Sampling;
import dev.slimelab.app.playground.Source.Content;
import dev.slimelab.app.playground.Source.Prompt;
import dev.slimelab.app.token.Legend;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The page of the playground without its nodes: models side by side, the prompt that is put to all
/// of them, what they write, and what a person thinks of it.
public final class PlaygroundViewModel implements AutoCloseable {
    /// What the page is doing.
    public enum Face {
        IDLE,
        /// The server opens the models.
        OPENING,
        WRITING
    }

    /// What can be voted for.
    ///
    /// @param winners whether each column's answer can be called the best
    /// @param hint what stands in the way, or what became of the vote; may be empty
    public record Ballot(List<Boolean> winners, String hint) {
        public Ballot {
            winners = List.copyOf(winners);
        }
    }

    /// Columns, at least and at most.
    public static final int FEWEST = 2;

    public static final int MOST = 4;

    /// The [#writer] of a page where each column shows its own answer.
    public static final int OWN = -1;

    /// How many runs are looked at for one that can be played.
    private static final int MOST_CANDIDATES = 20;

    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(2);

    /// How long a server waits for a next question, while the page is on show and while not.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration PATIENCE_AWAY = Duration.ofMinutes(1);

    private final Background background;
    private final Supplier<@Nullable Path> currentRun;
    private final Source builtIn;
    private final PlayServer server;
    private final ModelClient client = new ModelClient();
    private final Talk writing;
    private final Talk scoring;
    private final StringProperty votes;
    private final ObservableList<PlayColumn> columns =
            FXCollections.observableArrayList(new PlayColumn(), new PlayColumn());
    private final ReadOnlyObjectWrapper<List<Source>> sources =
            new ReadOnlyObjectWrapper<>(List.of());
    private final StringProperty prompt = new SimpleStringProperty("");
    private final BooleanProperty chat = new SimpleBooleanProperty(true);
    private final ReadOnlyObjectWrapper<List<Prompt>> prompts =
            new ReadOnlyObjectWrapper<>(List.of());
    private final SamplingFields sampling = new SamplingFields();
    private final ReadOnlyObjectWrapper<Face> face = new ReadOnlyObjectWrapper<>(Face.IDLE);
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final IntegerProperty writer = new SimpleIntegerProperty(OWN);
    private final BooleanProperty difference = new SimpleBooleanProperty(false);
    private final ReadOnlyObjectWrapper<Legend> legend = new ReadOnlyObjectWrapper<>(Legend.LOGP);
    private final ReadOnlyObjectWrapper<Ballot> ballot =
            new ReadOnlyObjectWrapper<>(new Ballot(List.of(), ""));
    private final Map<Path, Content> contents = new HashMap<>();
    private List<RunEntry> runs = List.of();
    private List<Source> folders = List.of();

    /// The folders in the columns, while the page is on show.
    private volatile List<Source> looked = List.of();

    private List<PlayColumn> playing = List.of();
    private @Nullable Round round;
    private boolean voted;
    private String news = "";
    private boolean onShow;
    private boolean isLoaded;
    private boolean began;

    /// @param currentRun the run that the window is about
    /// @param builtInModel the folder of the model that comes with SlimeLab
    /// @param votes the file that votes are saved in
    public PlaygroundViewModel(
            Background background,
            EngineProcess engines,
            Supplier<@Nullable Path> currentRun,
            Path builtInModel,
            StringProperty votes) {
        this.background = background;
        this.currentRun = currentRun;
        this.builtIn = new Source(builtInModel, "built-in model");
        this.votes = votes;
        server = new PlayServer(background, engines);
        writing = new Talk(background, server, client);
        scoring = new Talk(background, server, client);
        writer.subscribe(_ -> scoreAll());
        difference.subscribe(_ -> refresh());
        offerSources();
    }

    /// The models side by side.
    public ObservableList<PlayColumn> columns() {
        return columns;
    }

    /// What a column is called.
    public static String letter(int column) {
        return String.valueOf((char) ('A' + column));
    }

    /// What can be chosen in a column.
    public ReadOnlyObjectProperty<List<Source>> sources() {
        return sources.getReadOnlyProperty();
    }

    public StringProperty prompt() {
        return prompt;
    }

    /// Whether the prompt is what a user says, and the model's chat template is used; else the
    /// prompt is the text that is continued.
    public BooleanProperty chat() {
        return chat;
    }

    /// What the runs in the columns were asked at their evaluations.
    public ReadOnlyObjectProperty<List<Prompt>> prompts() {
        return prompts.getReadOnlyProperty();
    }

    /// Takes a prompt as a run was asked it.
    public void choose(Prompt chosen) {
        chat.set(chosen.isChat());
        prompt.set(chosen.text());
    }

    public SamplingFields sampling() {
        return sampling;
    }

    public ReadOnlyObjectProperty<Face> face() {
        return face.getReadOnlyProperty();
    }

    /// Why nothing could be asked; null where nothing stands in the way.
    public ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// The column whose answer all columns show, each as its own model reads it; [#OWN] where each
    /// shows its own.
    public IntegerProperty writer() {
        return writer;
    }

    /// What [#writer] can be.
    public List<Integer> writers() {
        List<Integer> all = new ArrayList<>(List.of(OWN));
        IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).answer().phase().isWhole())
                .forEach(all::add);
        return all;
    }

    /// Whether shades tell differences from the first column, where all show one text.
    public BooleanProperty difference() {
        return difference;
    }

    public ReadOnlyObjectProperty<Legend> legend() {
        return legend.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Ballot> ballot() {
        return ballot.getReadOnlyProperty();
    }

    /// The file that votes are saved in.
    public StringProperty votes() {
        return votes;
    }

    /// Begins to follow the disk. Call once.
    public void open() {
        background.every(BETWEEN_READINGS, this::look, this::learn, problem::set);
    }

    /// Whether the page is on show.
    public void show(boolean visible) {
        onShow = visible;
        begin();
        refresh();
    }

    /// Takes the runs that there are.
    public void offer(List<RunEntry> entries) {
        runs = entries;
        isLoaded = true;
        offerSources();
        begin();
    }

    private void begin() {
        if (onShow && isLoaded && !began) {
            began = true;
            chooseFirst();
        }
    }

    private void offerSources() {
        List<Source> all = new ArrayList<>();
        runs.forEach(
                run ->
                        all.add(
                                new Source(
                                        run.id(),
                                        run.origin() == Origin.SAMPLE
                                                ? run.name() + " (sample)"
                                                : run.name())));
        all.add(builtIn);
        all.addAll(folders);
        if (!all.equals(sources.get())) {
            sources.set(List.copyOf(all));
        }
    }

    // Which models

    /// The window's run before and after training, else the latest that was trained, else what can
    /// be played without any training.
    private void chooseFirst() {
        List<Source> candidates = new ArrayList<>();
        sources.get().stream()
                .filter(source -> source.folder().equals(currentRun.get()))
                .forEach(candidates::add);
        candidates.addAll(
                sources.get().subList(0, Math.min(sources.get().size(), MOST_CANDIDATES)));
        candidates.add(builtIn);
        background.run("", () -> firstTrained(candidates), this::choose, problem::set);
    }

    private record First(Source source, Content content) {}

    private static First firstTrained(List<Source> candidates) {
        First plain = null;
        for (Source candidate : candidates) {
            First found = new First(candidate, candidate.read());
            if (found.content().states().size() > 1) {
                return found;
            }
            if (plain == null && !found.content().states().isEmpty()) {
                plain = found;
            }
        }
        return Objects.requireNonNullElseGet(
                plain, () -> new First(candidates.getFirst(), Content.NOTHING));
    }

    private void choose(First first) {
        Source source = first.source();
        contents.put(source.folder(), first.content());
        List<String> states = first.content().states();
        if (columns.stream().anyMatch(column -> column.choice().get().source() != null)) {
            return; // a person was faster
        }
        if (!states.isEmpty()) {
            choose(columns.getFirst(), source, states.getLast());
        }
        if (states.size() > 1) {
            choose(columns.get(1), source, states.getFirst());
        }
        if (prompt.get().isEmpty() && !prompts.get().isEmpty()) {
            choose(prompts.get().getFirst());
        }
    }

    /// Chooses another run or folder for a column.
    public void choose(PlayColumn column, Source source) {
        choose(column, source, null);
        background.run(
                "", source::read, content -> learn(Map.of(source.folder(), content)), problem::set);
    }

    /// Chooses another state of the run in a column.
    public void choose(PlayColumn column, String state) {
        Source source = column.choice().get().source();
        if (source != null) {
            choose(column, source, state);
        }
    }

    /// Chooses a folder that is not among those offered.
    public void choose(PlayColumn column, Path folder) {
        Source chosen =
                sources.get().stream()
                        .filter(source -> source.folder().equals(folder))
                        .findFirst()
                        .orElseGet(() -> Source.of(folder));
        if (!sources.get().contains(chosen)) {
            List<Source> more = new ArrayList<>(folders);
            more.add(chosen);
            folders = List.copyOf(more);
            offerSources();
        }
        choose(column, chosen);
    }

    private void choose(PlayColumn column, Source source, @Nullable String state) {
        Playable before = column.choice().get().playable();
        Content content = contents.getOrDefault(source.folder(), Content.NOTHING);
        column.choose(
                new Choice(
                        source,
                        content.states(),
                        state == null ? usual(column, content.states()) : state));
        if (!Objects.equals(before, column.choice().get().playable())) {
            if (playing.contains(column)) {
                stop();
            }
            column.answer(Answer.NONE);
            column.reading(null);
            if (writer.get() == columns.indexOf(column)) {
                writer.set(OWN);
            }
        }
        offerPrompts();
        refresh();
    }

    /// What a run starts from in the first column, and what has become of it in the others.
    private @Nullable String usual(PlayColumn column, List<String> states) {
        return states.isEmpty()
                ? null
                : columns.indexOf(column) == 0 ? states.getLast() : states.getFirst();
    }

    public void addColumn() {
        if (columns.size() < MOST) {
            columns.add(new PlayColumn());
            refresh();
        }
    }

    public void remove(PlayColumn column) {
        if (columns.size() > FEWEST) {
            stop();
            writer.set(OWN);
            column.answer(Answer.NONE);
            columns.remove(column);
            refresh();
        }
    }

    /// Off the window's thread.
    private Map<Path, Content> look() {
        Map<Path, Content> read = new LinkedHashMap<>();
        for (Source source : looked) {
            read.put(source.folder(), source.read());
        }
        return read;
    }

    private void learn(Map<Path, Content> read) {
        server.stopAfter(onShow ? PATIENCE : PATIENCE_AWAY);
        contents.putAll(read);
        for (PlayColumn column : columns) {
            Choice choice = column.choice().get();
            Source source = choice.source();
            if (source != null && read.containsKey(source.folder())) {
                choose(column, source, choice.state());
            }
        }
    }

    private void offerPrompts() {
        Set<Prompt> all = new LinkedHashSet<>();
        for (PlayColumn column : columns) {
            Source source = column.choice().get().source();
            if (source != null) {
                all.addAll(contents.getOrDefault(source.folder(), Content.NOTHING).prompts());
            }
        }
        List<Prompt> next = List.copyOf(all);
        if (!next.equals(prompts.get())) {
            prompts.set(next);
        }
    }

    private List<Playable> playables() {
        List<Playable> all = new ArrayList<>();
        for (PlayColumn column : columns) {
            Playable playable = column.choice().get().playable();
            if (playable != null) {
                all.add(playable);
            }
        }
        return all;
    }

    // Writing

    /// Lets every column with a model write to the prompt.
    public void generate() {
        Sampling how = sampling.read();
        List<Playable> players = playables();
        if (how == null || players.isEmpty() || prompt.get().isEmpty()) {
            problem.set(
                    how == null
                            ? null // said beside the fields
                            : players.isEmpty()
                                    ? Problem.badRequest(
                                            "No column has a model.",
                                            "Choose a run or a model folder.")
                                    : Problem.badRequest(
                                            "The prompt is empty.", "Write or choose one."));
            return;
        }
        stop();
        writer.set(OWN);
        Round next = new Round(prompt.get(), chat.get(), how, players);
        round = next;
        voted = false;
        news = "";
        problem.set(null);
        playing =
                columns.stream()
                        .filter(column -> column.choice().get().playable() != null)
                        .toList();
        columns.forEach(column -> column.answer(Answer.NONE));
        playing.forEach(column -> column.answer(Answer.WAITING));
        face.set(Face.OPENING);
        writing.ask(
                players,
                players.stream()
                        .map(player -> new Talk.Question(player, next.path(), next::question))
                        .toList(),
                this::take,
                this::fail);
        refresh();
    }

    private void take(List<Answer> answers) {
        face.set(writing.isUnderWay() ? Face.WRITING : Face.IDLE);
        for (int i = 0; i < answers.size(); i++) {
            playing.get(i).answer(answers.get(i));
        }
        refresh();
    }

    private void fail(Problem why) {
        face.set(Face.IDLE);
        columns.forEach(column -> column.answer(Answer.NONE));
        problem.set(why);
        refresh();
    }

    /// Ends what is being written; what there is stays.
    public void stop() {
        writing.cancel();
        if (face.get() == Face.OPENING) {
            server.stop();
        }
        face.set(Face.IDLE);
        columns.forEach(column -> column.answer(column.answer().stopped()));
        refresh();
    }

    // Reading

    /// Asks every other model how likely it finds the writer's answer.
    private void scoreAll() {
        scoring.cancel();
        columns.forEach(column -> column.reading(null));
        int by = writer.get();
        if (by != OWN && !writing.isUnderWay()) {
            Answer written = columns.get(by).answer();
            List<PlayColumn> readers =
                    columns.stream()
                            .filter(column -> column != columns.get(by))
                            .filter(column -> column.choice().get().playable() != null)
                            .toList();
            readers.forEach(column -> column.reading(Answer.WAITING));
            scoring.ask(
                    playables(),
                    readers.stream()
                            .map(
                                    column ->
                                            new Talk.Question(
                                                    Objects.requireNonNull(
                                                            column.choice().get().playable()),
                                                    "/completions",
                                                    name -> Round.scoring(name, written)))
                            .toList(),
                    answers -> {
                        for (int i = 0; i < answers.size(); i++) {
                            readers.get(i).reading(Reading.of(written, answers.get(i), letter(by)));
                        }
                        refresh();
                    },
                    why -> {
                        readers.forEach(column -> column.reading(Answer.failed(why)));
                        refresh();
                    });
        }
        refresh();
    }

    // Judging

    /// Saves that a column's answer is better than the others.
    public void vote(int column) {
        Round of = round;
        if (of == null
                || column >= ballot.get().winners().size()
                || !ballot.get().winners().get(column)) {
            return;
        }
        voted = true;
        VoteFile file = new VoteFile(Path.of(votes.get().strip()));
        List<Map<String, Object>> pairs =
                of.pairs(
                        playing.stream().map(PlayColumn::answer).toList(),
                        playing.indexOf(columns.get(column)),
                        System.getProperty("user.name", ""),
                        Instant.now());
        background.run(
                "",
                () -> file.append(pairs),
                rows -> {
                    news =
                            "Saved: %s is better. %s has %s now."
                                    .formatted(
                                            letter(column),
                                            file.path().getFileName(),
                                            rows == 1 ? "1 pair" : rows + " pairs");
                    refresh();
                },
                why -> {
                    voted = false;
                    news = why.what() + " " + why.remedy();
                    refresh();
                });
        refresh();
    }

    /// Saves nothing: neither answer is better.
    public void skip() {
        if (ballot.get().winners().contains(true)) {
            voted = true;
            news = "Skipped; nothing was saved.";
            refresh();
        }
    }

    private Ballot judge() {
        List<Answer> whole =
                playing.stream()
                        .map(PlayColumn::answer)
                        .filter(answer -> answer.phase().isWhole())
                        .toList();
        List<Boolean> winners =
                columns.stream()
                        .map(PlayColumn::answer)
                        .map(
                                answer ->
                                        !voted
                                                && whole.stream()
                                                        .anyMatch(
                                                                other ->
                                                                        Round.isPair(
                                                                                answer, other)))
                        .toList();
        return new Ballot(winners, hint(whole, winners.contains(true)));
    }

    private String hint(List<Answer> whole, boolean canVote) {
        if (!news.isEmpty()) {
            return news;
        }
        if (writing.isUnderWay() || voted) {
            return "";
        }
        if (whole.size() < 2) {
            return "Which answer is better can be said when two are whole.";
        }
        if (!canVote) {
            return whole.stream().map(Answer::text).distinct().count() == 1
                    ? "The answers are the same text: there is nothing to prefer."
                    : "An empty answer cannot be learnt from.";
        }
        List<String> cut =
                IntStream.range(0, columns.size())
                        .filter(i -> columns.get(i).answer().phase() == Phase.CUT)
                        .mapToObj(PlaygroundViewModel::letter)
                        .toList();
        return cut.isEmpty()
                ? ""
                : String.join(", ", cut)
                        + (cut.size() == 1 ? " was" : " were")
                        + " cut at max_tokens: a run would learn to end there.";
    }

    private void refresh() {
        looked =
                onShow
                        ? columns.stream()
                                .map(column -> column.choice().get().source())
                                .filter(Objects::nonNull)
                                .distinct()
                                .toList()
                        : List.of();
        Reading reading = new Reading(writer.get(), difference.get(), face.get());
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).show(reading.shown(columns, i));
        }
        if (!reading.legend().equals(legend.get())) {
            legend.set(reading.legend());
        }
        Ballot next = judge();
        if (!next.equals(ballot.get())) {
            ballot.set(next);
        }
    }

    @Override
    public void close() {
        writing.cancel();
        scoring.cancel();
        server.stop();
        client.close();
    }
}
