package dev.slimelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Frame;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.WindowViewModel;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Labeled;
import javafx.scene.text.Text;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Clock;

/// The toolbar at the widths that people have.
class ToolbarTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1000, 1280, 1440, 1920})
    void nothingIsCut(int width) throws Exception {
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
        Node toolbar = WaitForAsyncUtils.asyncFx(() -> toolbar(width)).get();
        Bounds all = toolbar.localToScene(toolbar.getLayoutBounds());
        for (Node node : toolbar.lookupAll(".button, .toggle-button")) {
            Bounds bounds = node.localToScene(node.getLayoutBounds());
            assertThat(all.contains(bounds)).as("%s in %s", bounds, all).isTrue();
            Labeled button = (Labeled) node;
            if (button.getContentDisplay() != ContentDisplay.GRAPHIC_ONLY
                    && !button.getText().isEmpty()) {
                assertThat(((Text) button.lookup(".text")).getText()).isEqualTo(button.getText());
            } else {
                assertThat(button.getGraphic()).isNotNull();
                assertThat(button.getTooltip()).isNotNull();
            }
        }
    }

    private Node toolbar(int width) {
        Clock clock = Clock.systemUTC();
        RunLibrary library = new RunLibrary(folder, folder.resolve("samples"), clock);
        WindowViewModel model =
                new WindowViewModel(
                        Background.ofTheWindow(),
                        new RunReader(library, clock),
                        EngineProcess.ofThisInstallation(folder),
                        new BuiltIn(FakeRuns.spec("slime"), folder),
                        Memory.of(folder.resolve("window.json")));
        Scene scene = new Scene(new Frame(model), width, 720);
        scene.snapshot(null);
        scene.snapshot(null);
        model.close();
        return scene.lookup(".toolbar");
    }
}
