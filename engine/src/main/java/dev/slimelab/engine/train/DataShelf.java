package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.Stage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Rows that were read and turned into tokens once, for all runs of one process that ask for the
/// same.
///
/// Holds the few that were used last. Not thread-safe: one run at a time.
public final class DataShelf implements AutoCloseable {
    private static final int MOST = 8;

    /// What rows depend on. A file that was changed meanwhile is another one.
    private record Key(
            Path tokenizer,
            RunSpec.Data data,
            @Nullable FileTime modified,
            Stage stage,
            RunSpec.Evaluation evaluation,
            boolean sentences) {
        static Key of(RunSpec spec, Path tokenizer) {
            String path = spec.data().path();
            try {
                return new Key(
                        tokenizer,
                        spec.data(),
                        path == null || Files.notExists(Path.of(path))
                                ? null
                                : Files.getLastModifiedTime(Path.of(path)),
                        spec.stage(),
                        spec.evaluation(),
                        spec.objective().needs().contains(Need.SENTENCES));
            } catch (IOException e) {
                throw Problem.badRequest(
                        path + " cannot be read: " + e.getMessage() + ".", "Check the file.", e);
            }
        }
    }

    /// Open until the shelf lets go of it.
    record Held(Tokenizer tokenizer, TrainingData data) {
        void close() {
            data.close();
            tokenizer.close();
        }
    }

    private final Map<Key, Held> held = new LinkedHashMap<>();

    /// The data of a run, still open from an earlier one or opened now.
    ///
    /// @throws Problem bad request: where the data is not what the spec needs
    Held open(RunSpec spec) {
        Path folder = BaseModel.of(spec).tokenizerFolder();
        Key key = Key.of(spec, folder);
        Held known = held.remove(key);
        if (known != null) {
            held.put(key, known); // as the one used last
            known.data.requireFor(spec);
            return known;
        }
        Tokenizer tokenizer = Tokenizer.load(folder);
        try {
            Held opened = new Held(tokenizer, TrainingData.load(spec, tokenizer));
            held.put(key, opened);
            letGo();
            return opened;
        } catch (Problem problem) {
            tokenizer.close();
            throw problem;
        }
    }

    private void letGo() {
        Iterator<Held> oldest = held.values().iterator();
        while (held.size() > MOST) {
            oldest.next().close();
            oldest.remove();
        }
    }

    @Override
    public void close() {
        held.values().forEach(Held::close);
        held.clear();
    }
}
