package dev.slimelab.app;

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
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Theme;

import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Scene;
import javafx.stage.Stage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

@EnabledIfSystemProperty(named = "window.benchmark", matches = "true")
class WindowBenchmark {
    private static final int RUNS = 50;
    private static final int POINTS = 100_000;
    private static final int HALF = POINTS / 2;

    private final List<Series.Column> columns = new ArrayList<>();
    private final LineChartViewModel model =
            new LineChartViewModel(
                    new Figure(
                            "t", XAxis.STEPS, "y", Baseline.NONE, new Smoothing.None(), "", "", List.of()));

    @BeforeEach
    void open() throws Exception {
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
        WaitForAsyncUtils.asyncFx(
                        () -> {
                            Application.setUserAgentStylesheet(Theme.LIGHT.userAgentStylesheet());
                            model.show(figure());
                            LineChartView view =
                                    new LineChartView(
                                            model,
                                            LegendUse.ALWAYS,
                                            new SimpleObjectProperty<>(Theme.LIGHT));
                            Scene scene = new Scene(view, 1280, 720);
                            scene.getStylesheets().setAll(Theme.LIGHT.stylesheets());
                            Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
                            stage.setScene(scene);
                            stage.show();
                            return stage;
                        })
                .get();
        Thread.sleep(1500);
    }

    private Figure figure() {
        List<Curve> curves = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            String name = "run-" + run;
            curves.add(
                    new Curve(name, name, Hue.ofRun(run), Dash.SOLID, columns.get(run).snapshot()));
        }
        return new Figure(
                "t",
                XAxis.STEPS,
                "y",
                Baseline.NONE,
                new Smoothing.ExponentialAverage(0.9),
                "",
                "",
                curves);
    }

    @Test
    void frames() throws Exception {
        time("idle", 60, _ -> {});
        time("hover", 120, i -> model.cursorStep().set(500 + 700.0 * i));
        model.cursorStep().set(Double.NaN);
        time(
                "live",
                120,
                i -> {
                    columns.getFirst().add(HALF + i, -0.5);
                    model.show(figure());
                });
        time(
                "zoom",
                60,
                i ->
                        model.viewport()
                                .set(
                                        new Viewport(
                                                100 * i,
                                                POINTS - 100.0 * i,
                                                Double.NaN,
                                                Double.NaN)));
        model.reset();
        time("raise", 60, i -> model.raised().set("run-" + i % RUNS));
    }

    private static void time(String what, int frames, IntConsumer action) throws Exception {
        long[] times = new long[frames];
        CountDownLatch done = new CountDownLatch(1);
        Platform.runLater(
                () ->
                        new AnimationTimer() {
                            private int frame = -10;
                            private long last = System.nanoTime();

                            @Override
                            public void handle(long now) {
                                long time = System.nanoTime();
                                if (frame >= 0 && frame < frames) {
                                    times[frame] = time - last;
                                }
                                last = time;
                                frame++;
                                if (frame >= frames) {
                                    stop();
                                    done.countDown();
                                    return;
                                }
                                action.accept(frame + 10);
                            }
                        }.start());
        done.await();
        Arrays.sort(times);
        System.out.printf(
                "%-8s median %6.1f ms  p95 %6.1f ms  worst %6.1f ms%n",
                what,
                times[frames / 2] / 1e6,
                times[(int) (frames * 0.95)] / 1e6,
                times[frames - 1] / 1e6);
    }
}
