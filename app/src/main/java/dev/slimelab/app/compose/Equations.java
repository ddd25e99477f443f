package dev.slimelab.app.compose;

import dev.slimelab.engine.objective.Objective;

import java.util.ArrayList;
import java.util.List;

/// An objective as equations in LaTeX, from the loss down to the score.
final class Equations {
    private Equations() {}

    static List<String> of(Objective objective) {
        List<String> equations = new ArrayList<>();
        String loss = objective.latex();
        equations.add("\\mathcal{L}=" + (loss.isEmpty() ? "0" : loss));
        if (objective.contrast() != null) {
            equations.add(objective.latexOfZ());
        }
        if (objective.contrast() != null || objective.unary() != null) {
            equations.add(objective.latexOfScore());
        }
        return equations;
    }
}
