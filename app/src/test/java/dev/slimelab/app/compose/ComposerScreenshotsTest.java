package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.Pictures;
import dev.slimelab.app.RealEngineTest;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.command.Command.Group;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.application.Application;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.image.WritableImage;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.kordamp.ikonli.feather.Feather;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import tools.jackson.databind.node.IntNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The composer's column in its states, on the real engine and the built-in model: run with
/// `-Dscreenshots=DIR`, for eyes only.
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ComposerScreenshotsTest {
    private static final int WIDTH = 350;
    private static final Set<String> DOCUMENTED =
            Set.of(
                    "column-estimated",
                    "column-json",
                    "column-yaml-refused",
                    "column-form-waits",
                    "column-differences");
    private static final ComposerView.Actions ACTIONS =
            new ComposerView.Actions(
                    Group.RUNS.command(Feather.PLAY, "Start", () -> {}, "Ctrl+Enter"),
                    Group.COMPOSER.command(Feather.CORNER_UP_LEFT, "Undo", () -> {}, "Ctrl+Z"),
                    Group.COMPOSER.command(Feather.CORNER_UP_RIGHT, "Redo", () -> {}, "Ctrl+Y"));
    private static final Path ASSETS = Path.of("..", "assets").toAbsolutePath().normalize();
    private static final Path SAMPLES = Path.of("..", "sample-runs").toAbsolutePath().normalize();

    @TempDir private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty(EngineProcess.CLASSPATH, RealEngineTest.engineClasspath());
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
    }

    private record Composer(ComposerViewModel draft, ComposerTools tools) {}

    private record Column(ComposerTools tools, Scene scene) {}

    @Test
    void everyStateIsPictured() throws Exception {
        shoot("column-form", 1900, _ -> {}, _ -> {});
        shoot("column-measured", 1900, ComposerScreenshotsTest::measure, _ -> {});
        shoot(
                "column-measuring",
                620,
                composer -> run(() -> composer.tools.evidence().measure()),
                _ -> {});
        shoot(
                "column-estimated",
                760,
                composer -> {
                    estimate(composer);
                    run(
                            () ->
                                    composer.draft.put(
                                            "optimization.gradientCheckpointing",
                                            IntNode.valueOf(1)));
                    estimate(composer);
                },
                _ -> {});
        shoot("column-recorded", 1900, composer -> run(() -> choose(composer, "simpo")), _ -> {});
        shoot(
                "column-sliding",
                1900,
                composer -> {
                    measure(composer);
                    field(composer, "objective.contrast.hardMargin", "0.4");
                    field(composer, "objective.stabiliser.delta", "3");
                },
                _ -> {});
        shoot(
                "column-dpo-lora",
                2100,
                composer -> {
                    run(
                            () -> {
                                composer.draft.choose(Preset.DPO);
                                composer.draft.choose(composer.draft.adapter(), "lora");
                            });
                    measure(composer);
                },
                _ -> {});
        shoot(
                "column-no-model",
                1900,
                composer -> field(composer, "model.path", "no/such/folder"),
                column -> scroll(column, 1));
        shoot("column-end", 1500, _ -> {}, column -> scroll(column, 1));
        Consumer<Composer> elsewhere = composer -> field(composer, "model.path", "models/tiny");
        shoot("column-json", 760, elsewhere, column -> write(column, "JSON", text -> text));
        shoot("column-yaml", 760, elsewhere, column -> write(column, "YAML", text -> text));
        shoot(
                "column-yaml-refused",
                760,
                elsewhere,
                column -> write(column, "YAML", text -> text.replace("p: 2.5", "p: 9")));
        shoot("column-json-unread", 760, _ -> {}, ComposerScreenshotsTest::spoil);
        shoot(
                "column-form-waits",
                760,
                _ -> {},
                column -> {
                    spoil(column);
                    press(column, "#modeForm");
                });
        shoot(
                "column-differences",
                760,
                _ -> {},
                column -> {
                    press(column, "#modeDifferences");
                    ComboBox<?> runs = (ComboBox<?>) column.scene.lookup("#differenceFrom");
                    run(() -> runs.getSelectionModel().selectFirst());
                    until(
                            () ->
                                    column.tools.differences().state().get()
                                            instanceof DifferencesViewModel.State.Compared);
                });
        assertThat(out().resolve("column-form-light.png")).exists();
    }

    private static void press(Column column, String id) {
        run(
                () -> {
                    ((ToggleButton) column.scene.lookup(id)).fire();
                    column.scene.snapshot(null); // what appears is built by it
                });
    }

    private static void scroll(Column column, double to) {
        run(
                () -> {
                    for (Node node : column.scene.getRoot().lookupAll(".form-scroll")) {
                        ((ScrollPane) node).setVvalue(to);
                        ((ScrollPane) node).layout();
                    }
                });
    }

    /// Changes the text in one of its formats.
    private static void write(Column column, String format, UnaryOperator<String> change) {
        press(column, "#mode" + format);
        String name = format.equals("JSON") ? "\"name\" :" : "name:";
        until(() -> column.tools.text().text().get().contains(name));
        TextInputControl text = (TextInputControl) column.scene.lookup("#specText");
        String changed = change.apply(text.getText());
        run(() -> text.setText(changed));
        until(() -> column.tools.text().mistake().get() != null || column.tools.text().isInDraft());
    }

    private static void spoil(Column column) {
        write(column, "JSON", text -> text.replaceFirst(",", ""));
    }

    private static void field(Composer composer, String path, String text) {
        run(
                () -> {
                    FormLayout.all(composer.draft.draft().get())
                            .filter(field -> field.path().equals(path))
                            .forEach(field -> composer.draft.type(field, text));
                    composer.draft.settle();
                });
    }

    private static void measure(Composer composer) {
        run(() -> composer.tools.evidence().measure());
        until(() -> composer.tools.evidence().evidence() != null);
    }

    private static void estimate(Composer composer) {
        run(() -> composer.tools.estimate().measure());
        until(() -> !composer.tools.estimate().measuring().get());
    }

    private static void choose(Composer composer, String run) {
        EvidenceViewModel evidence = composer.tools.evidence();
        evidence.choose(
                evidence.runs().get().stream()
                        .filter(recorded -> recorded.name().equals(run))
                        .findFirst()
                        .orElseThrow());
    }

    private static void run(Runnable action) {
        until(
                () -> {
                    action.run();
                    return true;
                });
    }

    private static Path out() {
        return Path.of(System.getProperty("screenshots"));
    }

    private static RunSpec builtIn() {
        return SpecJson.read(ASSETS.resolve("specs").resolve("tiny-slime.yaml"), List.of());
    }

    private static void shoot(
            String name, int height, Consumer<Composer> before, Consumer<Column> then)
            throws Exception {
        Files.createDirectories(out());
        for (Theme theme : Theme.values()) {
            Path own = Files.createTempDirectory(folder, name);
            Background background = Background.ofTheWindow();
            EngineProcess engines = EngineProcess.ofThisInstallation(own);
            ComposerViewModel draft = new ComposerViewModel(builtIn());
            Composer composer =
                    onWindow(
                            () -> {
                                ComposerTools tools =
                                        new ComposerTools(
                                                draft,
                                                background,
                                                new ComposerFolder(own, ASSETS.resolve("specs"), 1),
                                                engines::ask);
                                tools.offer(
                                        RunDirectory.below(SAMPLES).stream()
                                                .map(run -> new ComposerTools.Run(run.name(), run))
                                                .toList());
                                tools.watch(true);
                                return new Composer(draft, tools);
                            });
            until(
                    () ->
                            !(composer.tools.facts().state().get()
                                    instanceof ModelFactsViewModel.State.Reading));
            until(
                    () ->
                            composer.tools.evidence().state().get()
                                    instanceof EvidenceViewModel.State.NotMeasured);
            before.accept(composer);
            until(
                    () ->
                            !(composer.tools.facts().state().get()
                                            instanceof ModelFactsViewModel.State.Reading)
                                    && !(composer.tools.evidence().state().get()
                                            instanceof EvidenceViewModel.State.Looking));
            Scene scene =
                    onWindow(
                            () -> {
                                Application.setUserAgentStylesheet(theme.userAgentStylesheet());
                                Scene column =
                                        new Scene(
                                                new ComposerView(
                                                        draft,
                                                        composer.tools,
                                                        ACTIONS,
                                                        new SimpleObjectProperty<>(theme)),
                                                WIDTH,
                                                height);
                                column.getStylesheets().setAll(theme.stylesheets());
                                column.snapshot(null);
                                return column;
                            });
            then.accept(new Column(composer.tools, scene));
            WritableImage image =
                    onWindow(
                            () -> {
                                scene.snapshot(null);
                                return scene.snapshot(null);
                            });
            Pictures.keep(name, theme, image);
            if (name.equals("column-measured")) {
                Pictures.document("composer-measured", theme, objective(image));
            } else if (DOCUMENTED.contains(name)) {
                Pictures.document(name.replace("column", "composer"), theme, image);
            }
            onWindow(
                    () -> {
                        composer.tools.close();
                        background.close();
                        return true;
                    });
        }
    }

    /// The objective's cards with their curves, without paths of this machine.
    private static WritableImage objective(WritableImage image) {
        return new WritableImage(image.getPixelReader(), 0, 640, WIDTH, 900);
    }

    private static <T> T onWindow(Callable<T> work) throws Exception {
        return WaitForAsyncUtils.asyncFx(work).get();
    }

    private static void until(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(
                    60, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition).get());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
