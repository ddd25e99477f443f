package dev.slimelab.engine.run;

import dev.slimelab.engine.parameter.Settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// Requests to a running engine: one empty file per request in `control/`, deleted by the engine
/// when it has acted, and then noted in `events.jsonl`.
public record Control(Path folder) {
    /// What can be asked.
    public enum Request {
        PAUSE,
        RESUME,
        STOP;

        public String word() {
            return Settings.word(name());
        }
    }

    /// Asks; the engine acknowledges within a second while training.
    public void ask(Request request) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(request.word()), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes what has been asked since the last call.
    public Set<Request> take() {
        Set<Request> taken = EnumSet.noneOf(Request.class);
        for (Request request : Request.values()) {
            try {
                if (Files.deleteIfExists(folder.resolve(request.word()))) {
                    taken.add(request);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return taken;
    }
}
