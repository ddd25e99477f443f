package dev.slimelab.engine.verify;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.Shortcut;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/// Runs whatever a folder of fixtures holds.
///
/// @param device where models and traces are computed
/// @param folder with `models/`, `traces/`, `losses.json`, `chat_templates/` or `data/`
public record Verification(Path folder, Selection selection, Set<Shortcut> without, Device device) {
    /// Runs all selected cases, in the order models, traces, losses, chat templates, data.
    ///
    /// @throws Problem bad request: where the folder holds nothing that the selection reaches
    public void run(Consumer<Outcome> outcomes) {
        Path losses = folder.resolve("losses.json");
        boolean withLosses = selection.reaches("losses") && Files.exists(losses);
        boolean withModels =
                selection.reaches("models") && Files.isDirectory(folder.resolve("models"));
        boolean withTraces =
                selection.reaches("traces") && Files.isDirectory(folder.resolve("traces"));
        boolean withTemplates =
                selection.reaches("chat_templates")
                        && Files.isDirectory(folder.resolve("chat_templates"));
        Path data = folder.resolve("data");
        boolean withData = selection.reaches("data") && DataCases.areIn(data);
        if (!withLosses && !withModels && !withTraces && !withTemplates && !withData) {
            throw Problem.badRequest(
                    folder
                            + " holds nothing to verify: no models/, traces/, losses.json, chat_templates/"
                            + " or data/"
                            + (selection.prefixes().isEmpty() ? "." : " that --only reaches."),
                    "Name a folder of fixtures.");
        }
        if (withModels || withTraces) {
            try (Torch torch = Torch.start(device, null)) {
                if (withModels) {
                    new ModelCases(torch, selection).run(folder.resolve("models"), outcomes);
                }
                if (withTraces) {
                    new TraceCases(torch, selection, without)
                            .run(folder.resolve("traces"), outcomes);
                }
            }
        }
        if (withLosses) {
            LossCases.run(SpecJson.readTree(losses), selection, outcomes);
        }
        if (withTemplates) {
            new ChatTemplateCases(selection).run(folder.resolve("chat_templates"), outcomes);
        }
        if (withData) {
            new DataCases(data, selection, outcomes).run();
        }
    }
}
