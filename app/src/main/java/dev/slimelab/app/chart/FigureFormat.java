package dev.slimelab.app.chart;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What figures are written as; the ending of a file's name decides.
public enum FigureFormat {
    PNG(".png", "Picture (PNG)"),
    SVG(".svg", "Drawing (SVG)"),
    PDF(".pdf", "Drawing (PDF)"),
    CSV(".csv", "Numbers (CSV)"),
    PGFPLOTS(".tex", "LaTeX (PGFPlots)"),
    TENSORBOARD(".tfevents", "TensorBoard events (a folder)");

    private final String ending;
    private final String words;

    FigureFormat(String ending, String words) {
        this.ending = ending;
        this.words = words;
    }

    public String ending() {
        return ending;
    }

    public String words() {
        return words;
    }

    /// The format that a file's name asks for.
    public static Optional<FigureFormat> of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(format -> name.endsWith(format.ending)).findFirst();
    }

    /// All endings in a sentence: ".png, .svg or .pdf".
    public static String endings() {
        List<String> all = Arrays.stream(values()).map(FigureFormat::ending).toList();
        return all.subList(0, all.size() - 1).stream().collect(Collectors.joining(", "))
                + " or "
                + all.getLast();
    }
}
