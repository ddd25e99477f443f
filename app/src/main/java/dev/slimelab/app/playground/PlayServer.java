package dev.slimelab.app.playground;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.ServingProcess;
import dev.slimelab.app.playground.ModelClient.Address;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The process that has the models of the page, one for all: adapters share their base.
///
/// It is started when something is asked of it, has exactly the models on show, and is started
/// again when others are asked for. It ends when nobody has asked for a while, and with the window.
/// For the window's thread alone.
final class PlayServer {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int TOKEN_BYTES = 32;

    private final Background background;
    private final EngineProcess engines;
    private @Nullable ServingProcess process;
    private @Nullable Address address;
    private Background.@Nullable Job looking;
    private int asked;
    private long used = System.nanoTime();

    PlayServer(Background background, EngineProcess engines) {
        this.background = background;
        this.engines = engines;
    }

    /// Gives the address of a server that has these models, in place of any earlier wish.
    ///
    /// @param failed told in the server's own words why it did not start
    void with(Collection<Playable> models, Consumer<Address> then, Consumer<Problem> failed) {
        used = System.nanoTime();
        Address now = address;
        if (now != null && isAlive() && now.names().keySet().containsAll(models)) {
            then.accept(now);
            return;
        }
        stop();
        int mine = asked;
        Map<Playable, String> names = new LinkedHashMap<>();
        List<String> arguments = new ArrayList<>();
        for (Playable model : models) {
            if (!names.containsKey(model)) {
                String name = "model-" + (names.size() + 1);
                names.put(model, name);
                arguments.add(name + "=" + model.argument());
            }
        }
        String token = token();
        background.run(
                "",
                () -> engines.serve(arguments, token),
                started -> {
                    if (mine != asked) {
                        started.close();
                        return;
                    }
                    process = started;
                    looking =
                            background.every(
                                    BETWEEN_LOOKS,
                                    started::url,
                                    url -> {
                                        stopLooking();
                                        used = System.nanoTime();
                                        address = new Address(url, token, names);
                                        then.accept(address);
                                    },
                                    problem -> {
                                        stop();
                                        failed.accept(problem);
                                    });
                },
                problem -> {
                    if (mine == asked) {
                        failed.accept(problem);
                    }
                });
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// It is being used.
    void use() {
        used = System.nanoTime();
    }

    /// Ends it where nobody has used it for so long.
    void stopAfter(Duration idle) {
        if (looking == null && isAlive() && System.nanoTime() - used > idle.toNanos()) {
            stop();
        }
    }

    /// Ends it, and gives up what was asked for.
    void stop() {
        asked++;
        stopLooking();
        address = null;
        if (process != null) {
            process.close();
            process = null;
        }
    }

    private void stopLooking() {
        if (looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
