package dev.slimelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// Planted violations, so that the watch over the window's thread is known to bite.
class WindowThreadTest {
    @BeforeEach
    void watch() throws Exception {
        FxToolkit.registerPrimaryStage();
        WindowThread.watch();
    }

    @AfterEach
    void forget() {
        WindowThread.watch();
    }

    private static void onTheWindowsThread(Callable<?> work) throws Exception {
        WaitForAsyncUtils.asyncFx(work).get();
    }

    @Test
    void aLookAtTheDiskIsSeen() throws Exception {
        onTheWindowsThread(() -> Files.exists(Path.of("pom.xml")));
        assertThat(WindowThread.seen()).singleElement().asString().contains("WindowThreadTest");
    }

    @Test
    void readingAndWritingJsonIsSeen() throws Exception {
        onTheWindowsThread(() -> JsonMapper.shared().readTree("{}"));
        assertThat(WindowThread.seen()).hasSize(1);
        WindowThread.watch();
        onTheWindowsThread(() -> JsonMapper.shared().writeValueAsString("words"));
        assertThat(WindowThread.seen()).hasSize(1);
    }

    @Test
    void aProcessIsSeen() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        onTheWindowsThread(() -> new ProcessBuilder(java, "--version").start().waitFor());
        assertThat(WindowThread.seen()).hasSize(1);
    }

    @Test
    void onAnotherThreadAllOfThisIsFine() {
        assertThat(Path.of("pom.xml")).exists();
        assertThat(JsonMapper.shared().readTree("{}").isObject()).isTrue();
        WindowThread.expectNothing();
    }
}
