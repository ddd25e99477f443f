package dev.slimelab.app;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Frame;
import dev.slimelab.app.window.Installation;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.SettingsViewModel;
import dev.slimelab.app.window.WindowViewModel;

import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.Objects;

/// The window's life: wires everything, shows it, and lets go of it. Engines go on without it.
public final class Workbench extends Application {
    private @Nullable WindowViewModel model;
    private Opening opening = Opening.LATEST;

    /// Runs before the window's thread has anything to do, so that nothing is read from the disk on
    /// it.
    @Override
    public void init() {
        Fonts.registerForWindow();
        Installation installation = Installation.fromProperties();
        opening = installation.opening();
        model = wire(installation);
    }

    @Override
    public void start(Stage stage) {
        WindowViewModel window = Objects.requireNonNull(model);
        followSystem(window.settings());
        window.open(opening); // runs are read while the window is built
        stage.setTitle("SlimeLab");
        stage.setScene(scene(window));
        stage.setMinWidth(960);
        stage.setMinHeight(600);
        stage.show();
    }

    /// Everything the window needs, put together.
    static WindowViewModel wire(Installation installation) {
        Clock clock = Clock.systemUTC();
        RunReader reader =
                new RunReader(
                        new RunLibrary(installation.runs(), installation.samples(), clock), clock);
        EngineProcess engines = EngineProcess.ofThisInstallation(installation.runs());
        return new WindowViewModel(
                Background.ofTheWindow(),
                reader,
                engines,
                BuiltIn.in(installation),
                Memory.of(installation.memory()));
    }

    static Scene scene(WindowViewModel window) {
        return new Scene(new Frame(window), 1440, 860);
    }

    private static void followSystem(SettingsViewModel settings) {
        Platform.Preferences system = Platform.getPreferences();
        settings.systemIsDark()
                .bind(system.colorSchemeProperty().map(scheme -> scheme == ColorScheme.DARK));
        settings.systemReducesMotion().bind(system.reducedMotionProperty());
    }

    @Override
    public void stop() {
        if (model != null) {
            model.close();
        }
    }
}
