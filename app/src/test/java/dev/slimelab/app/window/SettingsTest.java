package dev.slimelab.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.look.Theme;
import dev.slimelab.app.window.SettingsViewModel.Appearance;
import dev.slimelab.app.window.SettingsViewModel.Motion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SettingsTest {
    @TempDir private Path folder;

    private SettingsViewModel settings() {
        Memory memory = Memory.of(folder.resolve("window.json"));
        memory.writeWith(Runnable::run);
        memory.close();
        return new SettingsViewModel(memory);
    }

    @Test
    void theNextWindowLooksTheSame() {
        SettingsViewModel settings = settings();
        settings.scaleBy(2);
        settings.appearance().set(Appearance.DARK);
        settings.motion().set(Motion.REDUCED);
        SettingsViewModel next = settings();
        assertThat(next.scale().get()).isEqualTo(125);
        assertThat(next.theme().get()).isEqualTo(Theme.DARK);
        assertThat(next.reducedMotion().get()).isTrue();
    }

    @Test
    void textIsFrom80To200Percent() {
        SettingsViewModel settings = settings();
        settings.scaleBy(100);
        assertThat(settings.scale().get()).isEqualTo(200);
        assertThat(settings.canScale(1)).isFalse();
        settings.scaleBy(-100);
        assertThat(settings.scale().get()).isEqualTo(80);
        assertThat(settings.canScale(-1)).isFalse();
        settings.resetScale();
        assertThat(settings.scale().get()).isEqualTo(100);
    }

    @Test
    void theSystemDecidesUntilAPersonDoes() {
        SettingsViewModel settings = settings();
        settings.systemIsDark().set(true);
        settings.systemReducesMotion().set(true);
        assertThat(settings.theme().get()).isEqualTo(Theme.DARK);
        assertThat(settings.reducedMotion().get()).isTrue();
        settings.toggleTheme();
        assertThat(settings.theme().get()).isEqualTo(Theme.LIGHT);
        settings.motion().set(Motion.FULL);
        assertThat(settings.reducedMotion().get()).isFalse();
    }

    @Test
    void whatIsNoSettingCountsAsTheUsual() throws IOException {
        Files.writeString(
                folder.resolve("window.json"),
                "{\"textScale\": \"1000\", \"appearance\": \"pink\", \"motion\": \"\"}");
        SettingsViewModel settings = settings();
        assertThat(settings.scale().get()).isEqualTo(100);
        assertThat(settings.appearance().get()).isEqualTo(Appearance.SYSTEM);
    }
}
