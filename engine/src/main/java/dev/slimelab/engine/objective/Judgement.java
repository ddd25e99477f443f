package dev.slimelab.engine.objective;

/// The loss of a pair whose answers are judged one by one, and its derivatives with respect to both
/// scores.
public record Judgement(double value, double chosenDerivative, double rejectedDerivative) {
    static final Judgement ZERO = new Judgement(0, 0, 0);

    static Judgement of(Slope chosen, Slope rejected) {
        return new Judgement(
                chosen.value() + rejected.value(), chosen.derivative(), rejected.derivative());
    }

    Judgement times(double factor) {
        return new Judgement(
                factor * value, factor * chosenDerivative, factor * rejectedDerivative);
    }
}
