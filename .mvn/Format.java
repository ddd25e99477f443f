import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks (`check DIR`) or rewrites (`write DIR`) every Java file under a folder in google-java-format's AOSP style.
/// Runs on the build's JDK 25; see docs/decisions/0001-format-on-the-toolchain.md.
void main(String[] arguments) throws IOException, FormatterException {
    boolean write = arguments[0].equals("write");
    Path root = Path.of(arguments[1]);
    if (!Files.isDirectory(root)) {
        return;
    }
    Formatter formatter = new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
    List<Path> sources;
    try (var walk = Files.walk(root)) {
        sources = walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
    List<Path> unformatted = new ArrayList<>();
    for (Path source : sources) {
        String before = Files.readString(source);
        String after = formatter.formatSource(ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(before), Style.AOSP));
        if (!after.equals(before)) {
            unformatted.add(source);
            if (write) {
                Files.writeString(source, after);
            }
        }
    }
    if (!write && !unformatted.isEmpty()) {
        System.err.println("Not formatted: " + unformatted);
        System.err.println("Run ./mvnw process-classes -Pformat and commit the result.");
        System.exit(1);
    }
}
