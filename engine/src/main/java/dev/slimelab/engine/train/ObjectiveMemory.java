package dev.slimelab.engine.train;

import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.Carry;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.random.SplitMix64;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Map;
import java.util.TreeMap;

/// What an objective carries from one optimiser step to the next.
public final class ObjectiveMemory implements Remembered {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final long seed;
    private long steps;
    private Carry carry = Carry.NONE;

    /// Remembers nothing yet.
    ///
    /// @param seed of what the objective draws at random; each step draws anew
    public ObjectiveMemory(long seed) {
        this.seed = seed;
    }

    /// Evaluates a whole optimiser batch and remembers what it leaves.
    Evaluation evaluate(Objective objective, PairLogps batch) {
        Evaluation evaluation =
                objective.evaluate(
                        batch,
                        BatchTotals.of(batch),
                        carry,
                        SplitMix64.named(seed, "objective-step-" + steps));
        carry = evaluation.carry();
        steps++;
        return evaluation;
    }

    @Override
    public String name() {
        return "objective";
    }

    @Override
    public JsonNode state() {
        return JSON.valueToTree(Map.of("steps", steps, "carry", new TreeMap<>(carry.values())));
    }

    @Override
    public void restore(JsonNode state) {
        steps = state.get("steps").longValue();
        Map<String, Double> values = new TreeMap<>();
        state.get("carry")
                .properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().doubleValue()));
        carry = new Carry(values);
    }
}
