package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartView.LegendUse;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.chart.Viewport;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;

import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/// How long a person waits: 50 runs of 100,000 points overlaid and 1,000 runs in the library, at
/// 1280 × 720, painted in software. `./mvnw -q -B test -pl engine,app -Pwindow-benchmark
/// -Dtest=WindowBenchmark -Dsurefire.failIfNoSpecifiedTests=false`.
///
/// The window draws as fast as it can, so the time from one frame to the next is what the work of
/// both threads, the window's and the painter's, takes.
@EnabledIfSystemProperty(named = "window.benchmark", matches = "true")
class WindowBenchmark {
    private static final int RUNS = 50;
    private static final int POINTS = 100_000;
    private static final int HALF = POINTS / 2;
    private static final int LIBRARY = 1000;

    /// Frames between two actions: longer than the chart rests between paintings.
    private static final int FRAMES = 40;

    @TempDir private Path folder;

    private final List<Series.Column> columns = new ArrayList<>();
    private final LineChartViewModel model = new LineChartViewModel(figure());

    @Test
    void fiftyRunsOverlaid() throws Exception {
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < RUNS; run++) {
            Series.Column column = new Series.Column();
            for (int i = 0; i < (run == 0 ? HALF : POINTS); i++) {
                column.add(i, -run * 0.02 - 0.5 * i / POINTS + 0.08 * random.nextGaussian());
            }
            columns.add(column);
        }
        long began = System.nanoTime();
        WaitForAsyncUtils.asyncFx(this::show).get();
        System.out.printf("%-34s %7.1f ms%n", "first painting", (System.nanoTime() - began) / 1e6);
        measure("warm-up", 20, i -> model.cursorStep().set(1000.0 * i));
        measure("hover over 50 curves", 60, i -> model.cursorStep().set(500 + 1500.0 * i));
        model.cursorStep().set(Double.NaN);
        measure(
                "one of 50 runs grows by a step",
                60,
                i -> {
                    columns.getFirst().add(HALF + i, -0.5);
                    model.show(figure());
                });
        measure(
                "zoom",
                40,
                i ->
                        model.viewport()
                                .set(
                                        new Viewport(
                                                500.0 * i,
                                                POINTS - 500.0 * i,
                                                Double.NaN,
                                                Double.NaN)));
    }

    private Stage show() {
        Application.setUserAgentStylesheet(Theme.LIGHT.userAgentStylesheet());
        model.show(figure());
        LineChartView view =
                new LineChartView(model, LegendUse.ALWAYS, new SimpleObjectProperty<>(Theme.LIGHT));
        Scene scene = new Scene(view, 1280, 720);
        scene.getStylesheets().setAll(Theme.LIGHT.stylesheets());
        Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
        stage.setScene(scene);
        stage.show();
        return stage;
    }

    private Figure figure() {
        List<Curve> curves = new ArrayList<>();
        for (Series.Column column : columns) {
            String name = "run-" + curves.size();
            curves.add(
                    new Curve(name, name, Hue.ofRun(curves.size()), Dash.SOLID, column.snapshot())
                            .growing(curves.isEmpty()));
        }
        return new Figure(
                "logps_mean/chosen",
                XAxis.STEPS,
                "nat per token",
                Baseline.NONE,
                new Smoothing.ExponentialAverage(0.9),
                "",
                "",
                curves);
    }

    /// Does something again and again and waits until the window is at rest; the longest frame
    /// after each is its time.
    private static void measure(String what, int times, IntConsumer action) throws Exception {
        double[] longest = new double[times];
        CountDownLatch done = new CountDownLatch(1);
        AnimationTimer timer =
                new AnimationTimer() {
                    private int frame;
                    private long last = System.nanoTime();
                    private long acted = last;

                    @Override
                    public void handle(long now) {
                        long time = System.nanoTime();
                        int turn = frame / FRAMES;
                        if (turn > 0 && turn <= times) {
                            longest[turn - 1] = Math.max(longest[turn - 1], (time - last) / 1e6);
                        }
                        last = time;
                        boolean rested = time - acted > 120_000_000L;
                        if (frame % FRAMES < FRAMES - 1 || rested) {
                            frame++;
                        }
                        if (frame > (times + 1) * FRAMES) {
                            stop();
                            done.countDown();
                        } else if (frame % FRAMES == 0 && frame / FRAMES <= times) {
                            acted = time;
                            action.accept(frame / FRAMES);
                        }
                    }
                };
        Platform.runLater(timer::start);
        done.await();
        Arrays.sort(longest);
        System.out.printf(
                "%-34s median %6.1f ms, 95 %% %6.1f ms, worst %6.1f ms, load %.1f%n",
                what,
                longest[times / 2],
                longest[(int) (times * 0.95)],
                longest[times - 1],
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    @Test
    void aThousandRunsInTheLibrary() throws Exception {
        Path runs = folder.resolve("runs");
        for (int i = 0; i < LIBRARY; i++) {
            RunDirectory run =
                    FakeRuns.begin(
                            runs.resolve("run-" + i), FakeRuns.spec(i % 2 == 0 ? "slime" : "dpo"));
            FakeRuns.metrics(run, new FakeRuns.Course(-0.1, -0.5, 8, 7), 0, 20);
            FakeRuns.status(run, State.FINISHED, 160, null);
        }
        Files.writeString(folder.resolve("window.json"), "{\"page\": \"Compare\"}");
        open("library, never opened before");
        until(() -> Files.exists(runs.resolve(".library.json")));
        for (int i = 0; i < 3; i++) {
            open("library, opened again");
        }
    }

    @Test
    void theComposer() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        TestWindow window = window();
        window.open();
        composer(window, "composer, from its key to its layout");
        composer(window, "composer, again");
        window.close();
    }

    private static void composer(TestWindow window, String what) throws Exception {
        double time =
                WaitForAsyncUtils.asyncFx(
                                () -> {
                                    long began = System.nanoTime();
                                    window.model().newRun();
                                    Parent root = window.button("#start").getScene().getRoot();
                                    root.applyCss();
                                    root.layout();
                                    return (System.nanoTime() - began) / 1e6;
                                })
                        .get();
        System.out.printf("%-36s %7.1f ms%n", what, time);
        window.robot().interact(() -> window.model().compareSamples());
    }

    private TestWindow window() {
        return new TestWindow(
                folder,
                EngineProcess.ofThisInstallation(folder.resolve("runs")),
                FakeRuns.spec("slime"));
    }

    private void open(String what) throws Exception {
        TestWindow window = window();
        long began = System.nanoTime();
        window.open();
        until(() -> window.model().library().rows().size() == LIBRARY);
        WaitForAsyncUtils.waitForFxEvents(1);
        System.out.printf(
                "%-34s %7.1f ms, the window before %.1f ms; load %.1f%n",
                what,
                (System.nanoTime() - window.shownAt()) / 1e6,
                (window.shownAt() - began) / 1e6,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        if (what.contains("never")) {
            until(
                    () ->
                            window.model().library().rows().stream()
                                    .noneMatch(row -> row.run().facts().settings().isEmpty()));
            System.out.printf(
                    "%-34s %7.1f ms%n", "  … every run read", (System.nanoTime() - began) / 1e6);
            Thread.sleep(6000);
        }
        window.close();
    }
}
