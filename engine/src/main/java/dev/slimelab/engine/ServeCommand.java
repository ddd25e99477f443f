package dev.slimelab.engine;

import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.serve.Access;
import dev.slimelab.engine.serve.ApiServer;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.train.OpenModels;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// `slimelab serve DIR…`: runs and models behind the HTTP interface of OpenAI's clients, until
/// interrupted.
@Command(
        name = "serve",
        description = "Serves runs and models to OpenAI's clients, on this machine.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[NAME=]DIR",
            arity = "1..*",
            description =
                    "Run directories and Hugging Face folders. A model is called like its folder"
                            + " unless a name is given. Adapters on one base share its weights.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private List<String> folders;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8000",
            description = "0 for any that is free; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen; default: ${DEFAULT-VALUE}, this machine only.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String host;

    @Option(
            names = "--token",
            paramLabel = "TEXT",
            defaultValue = "${env:SLIMELAB_TOKEN}",
            description =
                    "What clients must send as API key; needed where other machines can reach the"
                            + " server. Default: the environment variable SLIMELAB_TOKEN.")
    private @Nullable String token;

    @Option(
            names = "--precision",
            description = "fp32, bf16 or fp64; default: each run's, or fp32.")
    private @Nullable Precision precision;

    @Option(names = "--threads", paramLabel = "N", description = "Default: one per core.")
    private @Nullable Integer threads;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Path> named = named();
        Access access = Access.of(host, token); // before the models, which take their time
        try (Torch torch = Torch.start(threads);
                var open = new OpenModels(torch, precision)) {
            Map<String, TextModel> models = new LinkedHashMap<>();
            named.forEach((name, folder) -> models.put(name, open.open(folder, null)));
            try (ApiServer server = ApiServer.start(models, access, port)) {
                PrintWriter out = command.commandLine().getOut();
                out.println("Serving %s.".formatted(String.join(", ", models.keySet())));
                out.println("Listening at " + server.url());
                out.flush();
                new CountDownLatch(1).await();
            }
        }
        return 0;
    }

    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        for (String folder : folders) {
            int equals = folder.indexOf('=');
            Path path = Path.of(folder.substring(equals + 1));
            String name =
                    equals > 0
                            ? folder.substring(0, equals)
                            : path.toAbsolutePath().normalize().getFileName().toString();
            Path other = named.put(name, path);
            if (other != null) {
                throw Problem.badRequest(
                        "Two models would be called %s.".formatted(name),
                        "Name them, for example one=%s two=%s.".formatted(other, path));
            }
        }
        return named;
    }
}
