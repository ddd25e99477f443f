package dev.slimelab.engine;

import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.serve.Access;
import dev.slimelab.engine.serve.ApiServer;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.train.ModelSource;
import dev.slimelab.engine.train.ModelSource.State;
import dev.slimelab.engine.train.OpenModels;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
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
            paramLabel = "[NAME=]DIR[@STATE]",
            arity = "1..*",
            description =
                    "Run directories and Hugging Face folders. Of a run its result or newest"
                            + " checkpoint, or the STATE: base for what it starts from,"
                            + " step-000200 or 200 for a checkpoint. A model is called like its"
                            + " folder and state unless a name is given. Adapters on one base share"
                            + " its weights.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private List<String> models;

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

    @Option(
            names = "--until-input-ends",
            description =
                    "Ends when standard input does: a program that starts a server and holds its"
                            + " input open leaves none behind, however it ends itself.")
    private boolean untilInputEnds;

    @Mixin private DeviceOption device = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, ModelSource> named = named();
        Access access = Access.of(host, token); // before the models, which take their time
        try (Torch torch = Torch.start(device.device(), threads);
                var open = new OpenModels(torch, precision)) {
            Map<String, TextModel> served = new LinkedHashMap<>();
            named.forEach((name, source) -> served.put(name, open.open(source, null)));
            try (ApiServer server = ApiServer.start(served, access, port)) {
                PrintWriter out = command.commandLine().getOut();
                out.println("Serving %s.".formatted(String.join(", ", served.keySet())));
                out.println("Listening at " + server.url());
                out.flush();
                awaitEnd();
            }
        }
        return 0;
    }

    private void awaitEnd() throws InterruptedException {
        if (!untilInputEnds) {
            new CountDownLatch(1).await();
        }
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // an input that breaks off has ended
        }
    }

    private Map<String, ModelSource> named() {
        Map<String, ModelSource> named = new LinkedHashMap<>();
        for (String model : models) {
            int equals = model.indexOf('=');
            ModelSource source = ModelSource.parse(model.substring(equals + 1));
            String name = equals > 0 ? model.substring(0, equals) : name(source);
            ModelSource other = named.put(name, source);
            if (other != null) {
                throw Problem.badRequest(
                        "Two models would be called %s.".formatted(name),
                        "Name them, for example one=%s two=%s."
                                .formatted(other.folder(), source.folder()));
            }
        }
        return named;
    }

    private static String name(ModelSource source) {
        String folder = source.folder().toAbsolutePath().normalize().getFileName().toString();
        return switch (source.state()) {
            case State.Newest() -> folder;
            case State.Base() -> folder + "@base";
            case State.Step(int step) -> folder + "@step-%06d".formatted(step);
        };
    }
}
