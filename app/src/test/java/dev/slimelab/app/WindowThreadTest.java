package dev.slimelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.spec.SpecText;
import dev.slimelab.engine.spec.SpecText.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
    void aTreeOfJsonThatWritesItselfIsSeen() throws Exception {
        JsonNode tree = JsonMapper.shared().createObjectNode().put("a", 1);
        onTheWindowsThread(() -> tree.toString());
        onTheWindowsThread(() -> tree.deepCopy());
        assertThat(WindowThread.seen()).hasSize(1);
    }

    @Test
    void readingAndWritingYamlIsSeen() throws Exception {
        onTheWindowsThread(() -> SpecText.read("a: 1", Format.YAML));
        assertThat(WindowThread.seen()).singleElement().asString().contains("SpecText.readYaml");
        ObjectNode tree = JsonMapper.shared().createObjectNode();
        onTheWindowsThread(() -> SpecText.write(tree, Format.YAML));
        assertThat(WindowThread.seen()).contains("dev.slimelab.engine.spec.SpecText.write");
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
