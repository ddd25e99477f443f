package dev.slimelab.app.look;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

class LookTest {
    @ParameterizedTest
    @EnumSource(Theme.class)
    void nodesAndChartsUseTheSameHues(Theme theme) throws IOException {
        String sheet = read(theme.name().toLowerCase(Locale.ROOT) + ".css");
        for (Hue hue : Hue.values()) {
            String color = String.format(Locale.ROOT, "#%06x", hue.on(theme).getRGB() & 0xFFFFFF);
            assertThat(sheet).contains("." + hue.styleClass() + " { -slime-hue: " + color + "; }");
        }
    }

    @Test
    void numbersHaveRealMinusSignsAndThinSpaces() {
        assertThat(Numbers.fixed(-0.4286, 2)).isEqualTo("−0.43");
        assertThat(Numbers.fixed(12345, 0)).isEqualTo("12\u202f345");
        assertThat(Numbers.fixed(Double.NaN, 2)).isEqualTo("–");
        assertThat(Numbers.fixed(-0.001, 2)).isEqualTo("0.00");
    }

    @Test
    void changesAlwaysHaveASign() {
        assertThat(Numbers.change(0.12, 2)).isEqualTo("+0.12");
        assertThat(Numbers.change(-0.12, 2)).isEqualTo("−0.12");
        assertThat(Numbers.change(0.001, 2)).isEqualTo("±0.00");
    }

    @Test
    void settingsAreWrittenAsAPersonTypesThem() {
        assertThat(Numbers.plain(5e-7)).isEqualTo("5e-7");
        assertThat(Numbers.plain(3e-4)).isEqualTo("3e-4");
        assertThat(Numbers.plain(2.5)).isEqualTo("2.5");
        assertThat(Numbers.plain(4000)).isEqualTo("4000");
    }

    @Test
    void spansAndSizesHaveTheirUnits() {
        assertThat(Numbers.span(Duration.ofSeconds(200))).isEqualTo("3\u202fmin 20\u202fs");
        assertThat(Numbers.span(Duration.ofSeconds(7300))).isEqualTo("2\u202fh 1\u202fmin");
        assertThat(Numbers.bytes(1.94e9)).isEqualTo("1.9\u202fGB");
        assertThat(Numbers.compact(5120)).isEqualTo("5.1\u202fk");
    }

    private static String read(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Theme.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
