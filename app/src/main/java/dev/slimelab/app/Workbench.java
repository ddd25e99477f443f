package dev.slimelab.app;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.window.BuiltInRun;
import dev.slimelab.app.window.Installation;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.WindowView;
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
        boolean dark = Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
        window.theme().set(dark ? Theme.DARK : Theme.LIGHT);
        stage.setTitle("SlimeLab");
        stage.setScene(scene(window));
        stage.setMinWidth(960);
        stage.setMinHeight(600);
        stage.show();
        window.open(opening);
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
                BuiltInRun.in(installation),
                Memory.of(installation.memory()));
    }

    static Scene scene(WindowViewModel window) {
        Scene scene = new Scene(new WindowView(window), 1440, 860);
        window.theme()
                .subscribe(
                        theme -> {
                            Application.setUserAgentStylesheet(theme.userAgentStylesheet());
                            scene.getStylesheets().setAll(theme.stylesheets());
                        });
        return scene;
    }

    @Override
    public void stop() {
        if (model != null) {
            model.close();
        }
    }
}
