package dev.slimelab.engine.verify;

import dev.slimelab.engine.kernel.Torch;

import java.nio.file.Path;
import java.util.function.Consumer;

final class ModelCases {
    ModelCases(Torch torch, Selection selection) {}

    void run(Path models, Consumer<Outcome> outcomes) {}
}
