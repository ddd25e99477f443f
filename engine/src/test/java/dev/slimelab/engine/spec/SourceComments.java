package dev.slimelab.engine.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The `///` comments of the objective's source files, which say what each kind does and exist
/// nowhere at run time.
final class SourceComments {
    private static final Path SOURCES =
            Path.of("src", "main", "java", "dev", "slimelab", "engine", "objective");
    private static final Pattern LINK = Pattern.compile("\\[([A-Z#][\\w.#()]*)](\\[[^]]*])?");

    private SourceComments() {}

    /// What stands above a type, as Markdown in one line per paragraph.
    static String of(Class<?> type) {
        String declaration =
                "\\s*(public |sealed |static )*(record|enum|interface) "
                        + type.getSimpleName()
                        + "\\b.*";
        return above(lines(type), declaration);
    }

    /// What stands above a constant; empty where nothing does.
    static String of(Enum<?> constant) {
        Class<?> type = constant.getDeclaringClass();
        List<String> lines = lines(type);
        int start = index(lines, ".*enum " + type.getSimpleName() + "\\b.*");
        return above(lines.subList(start, lines.size()), "\\s*" + constant.name() + "\\b.*");
    }

    private static List<String> lines(Class<?> type) {
        try {
            return Files.readAllLines(
                    SOURCES.resolve(type.getNestHost().getSimpleName() + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int index(List<String> lines, String pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                return i;
            }
        }
        throw new IllegalStateException("No line matches " + pattern);
    }

    private static String above(List<String> lines, String declaration) {
        int end = index(lines, declaration);
        while (lines.get(end - 1).strip().startsWith("@")) {
            end--;
        }
        int start = end;
        while (start > 0 && lines.get(start - 1).strip().startsWith("///")) {
            start--;
        }
        List<String> paragraphs = new ArrayList<>(List.of(""));
        for (String line : lines.subList(start, end)) {
            String text = line.strip().substring(3).strip();
            if (text.startsWith("@")) {
                break;
            }
            if (text.isEmpty()) {
                paragraphs.add("");
            } else {
                paragraphs.add((paragraphs.removeLast() + " " + text).strip());
            }
        }
        String text = String.join("\n\n", paragraphs).strip();
        return LINK.matcher(text).replaceAll("`$1`").replace("`#", "`");
    }
}
