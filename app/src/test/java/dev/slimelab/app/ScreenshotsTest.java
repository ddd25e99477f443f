package dev.slimelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.ChartExport;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.compare.Choice;
import dev.slimelab.app.data.DataViewModel;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.app.playground.PlaygroundViewModel.Face;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Frame;
import dev.slimelab.app.window.Installation;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.SettingsViewModel.Appearance;
import dev.slimelab.app.window.WindowViewModel;
import dev.slimelab.app.window.WindowViewModel.Panel;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.Failure;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.sweep.Template;

import javafx.scene.Scene;
import javafx.scene.image.WritableImage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Pictures of every state of the window, for eyes only: `./mvnw verify -pl engine,app
/// -Dtest='*ScreenshotsTest' -Dsurefire.failIfNoSpecifiedTests=false -Dscreenshots=DIR`; with
/// `-Dscreenshots.only=compare|data` those whose names contain a match, with `-Ddocument=true` also
/// into docs/images.
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ScreenshotsTest {
    /// What the documentation shows, and what it calls it.
    private static final Map<String, String> DOCUMENTED =
            Map.ofEntries(
                    Map.entry("first-start", "workbench"),
                    Map.entry("empty", "empty"),
                    Map.entry("grids", "grids"),
                    Map.entry("simpo-failed", "failed"),
                    Map.entry("dpo-lost", "lost"),
                    Map.entry("charts", "live-charts"),
                    Map.entry("tokens", "live-tokens"),
                    Map.entry("answers", "live-answers"),
                    Map.entry("modify", "live-modify"),
                    Map.entry("compose", "composer"),
                    Map.entry("compose-refused", "composer-refused"),
                    Map.entry("compare", "compare"),
                    Map.entry("compare-grouped", "compare-grouped"),
                    Map.entry("compare-scatter", "compare-scatter"),
                    Map.entry("compare-parallel", "compare-parallel"),
                    Map.entry("ablations", "ablations"),
                    Map.entry("ablations-grid", "ablations-grid"),
                    Map.entry("ablations-queue", "ablations-queue"),
                    Map.entry("data", "data"),
                    Map.entry("data-unknown", "data-unknown"),
                    Map.entry("playground", "playground"),
                    Map.entry("playground-difference", "playground-difference"),
                    Map.entry("panel-palette", "palette"),
                    Map.entry("panel-help", "help"),
                    Map.entry("panel-settings", "settings"),
                    Map.entry("scaled-150-charts", "scaled"),
                    Map.entry("hidpi-tokens", "hidpi"));

    private static final int SECONDS = 60;

    /// A scene without a window is laid out once for each snapshot, and what depends on the width
    /// of a column or of a scrolled part is right one layout later.
    private static final int LAYOUTS = 6;

    @TempDir Path folder;

    /// Runs that the engine wrote, with everything a run leaves.
    private Path recordedRuns = Path.of("..", "sample-runs");

    private final Path out = Path.of(System.getProperty("screenshots", "."));

    @Test
    void everyStateIsPhotographedInBothThemes() throws Exception {
        Files.createDirectories(out);
        recordedRuns = atHome().resolve("sample-runs");
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
        Path samples = folder.resolve("home/sample-runs");
        FakeRuns.writeSamples(samples);
        Path empty = Files.createDirectories(folder.resolve("none"));
        Path runs = folder.resolve("home/runs");
        Installation recorded = new Installation(empty, recordedRuns, folder, Opening.LATEST);
        shoot("first-start", recorded, _ -> {});
        shoot("empty", new Installation(empty, empty, folder, Opening.LATEST), _ -> {});
        Installation all = new Installation(runs, samples, folder, Opening.LATEST);
        for (String name :
                List.of("slime-p2", "slime-paused", "dpo-lost", "simpo-failed", "starting")) {
            shoot(name, all, window -> window.look(runs.resolve(name)));
        }
        shoot("finished", all, window -> window.look(samples.resolve("simpo")));
        shoot(
                "compose",
                all,
                window -> {
                    window.look(samples.resolve("slime"));
                    window.newRun();
                });
        shoot(
                "compose-dpo-wrong",
                all,
                window -> {
                    window.look(samples.resolve("slime"));
                    window.newRun();
                    window.composer().choose(dev.slimelab.engine.objective.Preset.DPO);
                    window.composer().sections().stream()
                            .flatMap(section -> section.fields().stream())
                            .filter(field -> field.path().endsWith("learningRate"))
                            .forEach(field -> window.composer().type(field, "-1"));
                });
        shoot(
                "compose-refused",
                all,
                window -> {
                    window.look(samples.resolve("slime"));
                    window.newRun();
                    window.composer().choose(dev.slimelab.engine.objective.Preset.SPO_HINGE);
                    window.composer().cards().getFirst().stream()
                            .map(dev.slimelab.app.compose.FormNode::field)
                            .filter(field -> field.path().endsWith("transform"))
                            .forEach(field -> window.composer().choose(field, "f-divergence"));
                });
        shoot("charts", recorded, window -> window.look(recorded("simpo")));
        shoot(
                "charts-histogram",
                recorded,
                window -> {
                    window.look(recorded("slime"));
                    window.live().enlarge(ChartSpec.TOKEN_LOGPROBS);
                });
        shoot(
                "tokens",
                recorded,
                window -> {
                    window.look(recorded("simpo"));
                    window.live().aspect().set(Aspect.TOKENS);
                    window.live().tokens().look(true);
                });
        shoot(
                "answers",
                recorded,
                window -> {
                    window.look(recorded("simpo"));
                    window.live().aspect().set(Aspect.ANSWERS);
                });
        shoot(
                "modify",
                all,
                window -> {
                    window.look(runs.resolve("edited"));
                    window.live().aspect().set(Aspect.MODIFY);
                });
        for (Panel panel : List.of(Panel.PALETTE, Panel.HELP, Panel.SETTINGS)) {
            shoot(
                    "panel-" + panel.name().toLowerCase(java.util.Locale.ROOT),
                    recorded,
                    window -> {
                        window.look(recorded("simpo"));
                        window.panel().set(panel);
                    });
        }
        for (int scale : List.of(80, 150, 200)) {
            for (Aspect aspect : List.of(Aspect.CHARTS, Aspect.TOKENS)) {
                shoot(
                        "scaled-" + scale + "-" + aspect.name().toLowerCase(java.util.Locale.ROOT),
                        recorded,
                        window -> {
                            window.look(recorded("slime"));
                            window.live().aspect().set(aspect);
                            window.live().tokens().look(aspect == Aspect.TOKENS);
                            while (window.settings().scale().get() != scale) {
                                window.settings().scaleBy(scale < 100 ? -1 : 1);
                            }
                        });
            }
        }
        shoot(
                "hidpi-tokens", // as on a screen with two pixels a point
                recorded,
                window -> {
                    window.look(recorded("simpo"));
                    window.live().aspect().set(Aspect.TOKENS);
                    window.live().tokens().look(true);
                    while (window.settings().scale().get() != 200) {
                        window.settings().scaleBy(1);
                    }
                });
        shoot("compare", recorded, window -> compare(window, choice -> choice));
        shoot(
                "compare-grouped",
                recorded,
                window ->
                        compare(
                                window,
                                choice ->
                                        choice.withMetric("logps_mean/margin").withGroup("stage")));
        shoot(
                "compare-scatter",
                recorded,
                window ->
                        compare(
                                window,
                                choice -> choice.with(Choice.Form.SCATTER).withAlong("objective")));
        shoot(
                "compare-parallel",
                recorded,
                window -> compare(window, choice -> choice.with(Choice.Form.PARALLEL)));
        System.setProperty(EngineProcess.CLASSPATH, RealEngineTest.engineClasspath());
        Path pairs = Path.of("target", "pairs.jsonl");
        Files.writeString(pairs, FakePairs.jsonLines());
        Path unknown = Path.of("target", "answers.jsonl");
        Files.writeString(
                unknown,
                FakePairs.jsonLines()
                        .replace("\"prompt\"", "\"question\"")
                        .replace("\"chosen\"", "\"answer_preferred\"")
                        .replace("\"rejected\"", "\"answer_worse\""));
        shoot("data-empty", all, window -> window.page().set("Data"));
        shoot("data-loading", all, window -> inspect(window, pairs));
        shoot("data", all, window -> inspect(window, pairs));
        shoot("data-unknown", all, window -> inspect(window, unknown));
        Path grids = folder.resolve("grids/runs-of-grids");
        shoot("ablations", recorded, onAblations());
        shoot("grids", recorded, window -> window.list().fold(recorded("table5")));
        shoot(
                "ablations-grid",
                new Installation(empty, empty, folder, Opening.LATEST),
                onAblations()
                        .andThen(
                                window -> {
                                    window.ablations().take(Template.TABLE5);
                                    window.ablations().addAxis();
                                }));
        FakeSweep.queued(grids.resolve("table4"));
        RunQueue queue = new RunQueue(grids.resolve("table4"));
        queue.change(queue.settings().pause(true));
        shoot(
                "ablations-queue",
                new Installation(grids, empty, folder, Opening.LATEST),
                onAblations());
        playground(empty);
        figures(samples);
        assertThat(out).isNotEmptyDirectory();
    }

    /// With the real engine: a run that unlearns the format of its answers, and its checkpoints.
    private void playground(Path empty) throws Exception {
        if (!isWanted("playground")) {
            return;
        }
        Path played = folder.resolve("played");
        RealEngineTest.engine(
                "train",
                recordedRuns.resolve("simpo/spec.json").toString(),
                "--run",
                played.resolve("simpo").toString(),
                "--set=optimization.maxSteps=60",
                "--set=checkpoint.everySteps=20",
                "--set=evaluation.scoredPrompts=0",
                "--set=evaluation.probePairs=0",
                "--set=evaluation.everySteps=60");
        shoot(
                "playground-empty",
                new Installation(empty, recordedRuns, folder, Opening.LATEST),
                window -> {
                    window.page().set("Playground");
                    window.playground().show(true);
                });
        Installation runs = new Installation(played, empty, folder, Opening.LATEST);
        Path run = played.resolve("simpo");
        shoot("playground", runs, window -> play(window, run, "base", "step-000060"));
        shoot(
                "playground-difference",
                runs,
                window -> {
                    play(window, run, "base", "step-000020", "step-000060");
                    window.playground().difference().set(true);
                    window.playground()
                            .ballot()
                            .subscribe(
                                    ballot -> {
                                        if (ballot.winners().contains(true)) {
                                            window.playground().writer().set(0);
                                        }
                                    });
                });
        shoot(
                "playground-columns",
                runs,
                window -> play(window, run, "base", "step-000020", "step-000040", "step-000060"));
        Path gone = folder.resolve("gone/simpo");
        Files.createDirectories(gone.resolve("checkpoints/step-000020/adapter"));
        Files.copy(run.resolve("spec.json"), gone.resolve("spec.json"));
        shoot(
                "playground-trouble",
                new Installation(folder.resolve("gone"), empty, folder, Opening.LATEST),
                window -> play(window, gone, "base", "step-000020"));
    }

    /// Lets states of a run write.
    private static void play(WindowViewModel window, Path run, String... states) {
        PlaygroundViewModel playground = window.playground();
        playground.votes().set("votes.jsonl");
        window.page().set("Playground");
        for (int i = 0; i < states.length; i++) {
            if (i == playground.columns().size()) {
                playground.addColumn();
            }
            playground.choose(playground.columns().get(i), run);
            playground.choose(playground.columns().get(i), states[i]);
        }
        playground.prompt().set("Put 47, 25, 39, 20 in ascending order.");
        playground.generate();
    }

    private static void compare(WindowViewModel window, UnaryOperator<Choice> change) {
        window.page().set("Compare");
        window.compare().choice().set(change.apply(window.compare().choice().get()));
        window.compare().watch(true);
    }

    /// The repository as it stands below a person's home, so that pictures show no folders of the
    /// machine that they are taken on.
    private Path atHome() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        System.setProperty("user.home", home.toString());
        return Files.createSymbolicLink(
                home.resolve("slimelab"), Path.of("..").toAbsolutePath().normalize());
    }

    private Path recorded(String name) {
        return recordedRuns.resolve(name).toAbsolutePath().normalize();
    }

    private static void inspect(WindowViewModel window, Path file) {
        window.page().set("Data");
        window.data().path().set(file.toString());
        window.data().model().set(Path.of("..", "assets", "tiny").toString());
        window.data().inspect();
    }

    /// Whether what a picture is of is there.
    private static boolean isReady(String name, WindowViewModel window) {
        return switch (name) {
            case "data", "data-unknown" ->
                    window.data().face().get() == DataViewModel.Face.LOADED
                            && window.data().leaf().get() != null;
            case "starting" -> true;
            case "simpo-failed", "dpo-lost" ->
                    window.live().trouble().get() != null
                            && !window.live().trouble().get().logTail().isEmpty();
            case "ablations", "ablations-queue" -> window.ablations().shown().get() != null;
            case "ablations-grid" -> window.ablations().editing().get();
            case "playground-empty" ->
                    window.playground().columns().getFirst().choice().get().state() != null;
            case "playground-trouble" -> window.playground().problem().get() != null;
            case "playground-difference" ->
                    window.playground().columns().stream()
                            .allMatch(
                                    column ->
                                            window.playground().writer().get() == 0
                                                    && column.shown().get().picture() != null);
            case "playground", "playground-columns" ->
                    window.playground().ballot().get().winners().contains(true)
                            && window.playground().face().get() == Face.IDLE;
            default ->
                    name.startsWith("data")
                            || window.list().shown().get().isEmpty()
                            || !window.live().home().figure().get().isEmpty();
        };
    }

    /// Whether every run has been read, and nothing is being done that a person waits for.
    private static boolean isAtRest(WindowViewModel window) {
        return window.background().activity().get().isEmpty()
                && window.list().entries().stream()
                        .allMatch(
                                run ->
                                        !run.facts().settings().isEmpty()
                                                || run.specProblem() != null)
                && window.inspector().content().get().runs().size()
                        == window.list().shown().get().size();
    }

    private static Consumer<WindowViewModel> onAblations() {
        return window -> {
            window.page().set("Ablations");
            window.ablations().show(true);
        };
    }

    private static void writeRuns(Path runs) throws IOException {
        FakeRuns.at(runs.resolve("slime-p2"), FakeRuns.spec("slime-p2"), State.TRAINING, 97);
        FakeRuns.at(runs.resolve("slime-paused"), FakeRuns.spec("slime-paused"), State.PAUSED, 60);
        RunDirectory lost =
                FakeRuns.at(runs.resolve("dpo-lost"), FakeRuns.spec("dpo-lost"), State.LOST, 83);
        Files.writeString(lost.log(), "step 82  loss 1.213\nstep 83  loss 1.201\n");
        FakeRuns.failed(
                runs.resolve("simpo-failed"),
                FakeRuns.spec("simpo-failed"),
                12,
                new Failure(
                        "The loss is not a number at step 12.",
                        "Lower optimization.learningRate, or set optimization.maxGradNorm."),
                List.of("step 10  loss 1.91", "step 11  loss 18.2", "step 12  loss NaN"));
        FakeRuns.edited(runs.resolve("edited"));
        FakeRuns.begin(runs.resolve("starting"), FakeRuns.spec("slime"));
    }

    private static void deleteRuns(Path runs) throws IOException {
        if (Files.exists(runs)) {
            try (var files = Files.walk(runs)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isWanted(String name) {
        return Pattern.compile(System.getProperty("screenshots.only", "")).matcher(name).find();
    }

    private void shoot(String name, Installation installation, Consumer<WindowViewModel> then)
            throws Exception {
        if (!isWanted(name)) {
            return;
        }
        for (Theme theme : Theme.values()) {
            if (installation.runs().endsWith("runs")) {
                deleteRuns(installation.runs());
                writeRuns(installation.runs()); // a heart that beat a while ago is a lost engine
            }
            Clock clock = Clock.systemUTC();
            RunReader reader =
                    new RunReader(
                            new RunLibrary(installation.runs(), installation.samples(), clock),
                            clock);
            Memory memory =
                    Memory.of(folder.resolve("kept").resolve(name + theme).resolve("window.json"));
            WindowViewModel window =
                    WaitForAsyncUtils.asyncFx(
                                    () ->
                                            new WindowViewModel(
                                                    Background.ofTheWindow(),
                                                    reader,
                                                    EngineProcess.ofThisInstallation(
                                                            installation.runs()),
                                                    BuiltIn.in(installation),
                                                    memory))
                            .get();
            WaitForAsyncUtils.asyncFx(() -> window.open(installation.opening())).get();
            WaitForAsyncUtils.waitFor(
                    SECONDS,
                    java.util.concurrent.TimeUnit.SECONDS,
                    () -> window.list().loaded().get());
            WaitForAsyncUtils.asyncFx(() -> then.accept(window)).get();
            WaitForAsyncUtils.waitFor(
                    SECONDS,
                    java.util.concurrent.TimeUnit.SECONDS,
                    () ->
                            name.startsWith("compare")
                                    ? !window.compare().chart().figure().get().isEmpty()
                                    : isReady(name, window));
            WaitForAsyncUtils.waitFor(
                    SECONDS,
                    java.util.concurrent.TimeUnit.SECONDS,
                    () -> name.equals("data-loading") || isAtRest(window));
            boolean alone = window.list().shown().get().size() == 1;
            if (alone
                    && installation.samples().equals(recordedRuns)
                    && window.page().get().equals("Live")) {
                WaitForAsyncUtils.waitFor(
                        SECONDS,
                        java.util.concurrent.TimeUnit.SECONDS,
                        () ->
                                !window.live().home().figure().get().marks().isEmpty()
                                        && (window.live().aspect().get() != Aspect.TOKENS
                                                || window.live().tokens().pairs().get() > 0));
            }
            int[][] sizes =
                    name.startsWith("hidpi")
                            ? new int[][] {{2880, 1800}}
                            : new int[][] {{1440, 900}, {1280, 720}, {1000, 700}};
            for (int[] size : sizes) {
                WritableImage image =
                        WaitForAsyncUtils.asyncFx(
                                        () -> {
                                            window.settings()
                                                    .appearance()
                                                    .set(Appearance.valueOf(theme.name()));
                                            Scene scene =
                                                    new Scene(new Frame(window), size[0], size[1]);
                                            for (int pass = 0; pass < LAYOUTS; pass++) {
                                                scene.snapshot(null);
                                            }
                                            return scene.snapshot(null);
                                        })
                                .get();
                Pictures.keep(name + "-" + size[0], theme, image);
                String documented = DOCUMENTED.get(name);
                if (documented != null && size == sizes[0]) {
                    boolean live = documented.startsWith("live-");
                    Pictures.document(documented, theme, live ? middle(image) : image);
                }
            }
            window.close();
        }
    }

    /// The middle column alone.
    private static WritableImage middle(WritableImage image) {
        return new WritableImage(image.getPixelReader(), 248, 48, 844, 812);
    }

    private void figures(Path samples) throws IOException {
        Clock clock = Clock.systemUTC();
        RunReader reader =
                new RunReader(new RunLibrary(folder.resolve("no"), samples, clock), clock);
        reader.watch(
                FakeRuns.SAMPLES.keySet().stream()
                        .map(samples::resolve)
                        .collect(java.util.stream.Collectors.toSet()));
        RunReader.Reading reading = java.util.Objects.requireNonNull(reader.poll());
        List<ChartSpec.RunCurves> curves = new java.util.ArrayList<>();
        for (var run : reading.runs()) {
            curves.add(
                    new ChartSpec.RunCurves(
                            run.name(),
                            dev.slimelab.app.look.Hue.ofRun(curves.size()),
                            java.util.Objects.requireNonNull(reading.metrics().get(run.id()))));
        }
        for (Theme theme : Theme.values()) {
            ChartExport export = new ChartExport(theme, ChartExport.Size.DEFAULT);
            String suffix = theme.name().toLowerCase(java.util.Locale.ROOT);
            export.write(
                    ChartSpec.DISPLACEMENT.figure(curves),
                    out.resolve("figure-displacement-" + suffix + ".png"));
            export.write(
                    ChartSpec.LIKELIHOOD.figure(curves.subList(0, 1)),
                    out.resolve("figure-likelihood-" + suffix + ".png"));
            export.write(
                    ChartSpec.DISPLACEMENT.figure(curves),
                    out.resolve("figure-displacement-" + suffix + ".svg"));
        }
    }
}
