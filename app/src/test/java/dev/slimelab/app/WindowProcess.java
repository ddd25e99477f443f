package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A window in a process of its own, with real engines: leaves a draft, trains, says so in a file
/// `trains`, and stays until it is killed.
public final class WindowProcess {
    private WindowProcess() {}

    /// Takes a folder and the class path of the engine.
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        TestWindow window = RealEngineTest.on(folder, arguments[1]);
        window.open();
        RunSpec draft = SpecJson.changed(FakeRuns.spec("slime"), List.of("name=left-behind"));
        window.robot()
                .interact(
                        () -> {
                            window.model().trainBuiltIn();
                            window.model().composer().open(draft);
                        });
        until(() -> window.points() > 2);
        Files.createFile(folder.resolve("trains"));
        Thread.sleep(Long.MAX_VALUE);
    }
}
