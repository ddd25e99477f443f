package dev.slimelab.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernels' text names a device wherever a tensor is made, and has nothing that reads a value.
class KernelTextTest {
    static final List<String> SOURCES = Kernels.SOURCES;

    private static final Pattern FACTORY =
            Pattern.compile(
                    "torch\\.(zeros|ones|empty|full|arange|rand|randn|tensor|eye|linspace)\\(");

    /// What makes the host wait for a number of the device: conversions, lengths that depend on
    /// values, and copies to the host outside the kernels that are for that.
    private static final Pattern READING =
            Pattern.compile(
                    "\\.item\\(|\\.tolist\\(|nonzero|masked_select|unique|bincount|multinomial"
                            + "|torch\\.(where\\([^,]*\\)|equal|allclose|is_nonzero)"
                            + "|\\b(int|float|bool)\\(|\\.cpu\\(");

    @ParameterizedTest
    @FieldSource("SOURCES")
    void whateverMakesATensorSaysWhere(String source) throws IOException {
        String text = text(source);
        Matcher factory = FACTORY.matcher(text);
        while (factory.find()) {
            String call = call(text, factory.start());
            assertThat(call).as(source).contains("device=");
        }
    }

    @ParameterizedTest
    @FieldSource("SOURCES")
    void nothingReadsAValue(String source) throws IOException {
        String calm = text(source).replace("torch.contiguous(x.cpu())", ""); // the kernel `host`
        assertThat(calm.lines().filter(line -> !line.startsWith("#")))
                .as(source)
                .noneMatch(line -> READING.matcher(line).find());
    }

    private static String text(String source) throws IOException {
        try (InputStream stream = Kernels.class.getResourceAsStream(source)) {
            return new String(
                    Objects.requireNonNull(stream, source).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Up to the bracket that closes it.
    private static String call(String text, int start) {
        int depth = 0;
        for (int at = text.indexOf('(', start); at < text.length(); at++) {
            depth += text.charAt(at) == '(' ? 1 : text.charAt(at) == ')' ? -1 : 0;
            if (depth == 0) {
                return text.substring(start, at + 1);
            }
        }
        throw new IllegalArgumentException("No end of the call at " + start);
    }
}
