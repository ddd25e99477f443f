package dev.slimelab.app.playground;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.DoublePredicate;

/// How tokens are chosen, as a person types it. The names are those of the server's requests.
public final class SamplingFields {
    /// How tokens are chosen.
    record Sampling(double temperature, double topP, int topK, int maxTokens, long seed) {
        void writeTo(ObjectNode body) {
            body.put("temperature", temperature);
            body.put("top_p", topP);
            body.put("top_k", topK);
            body.put("max_tokens", maxTokens);
            body.put("seed", seed);
        }
    }

    /// One of them.
    ///
    /// @param name what the server calls it
    /// @param help what it does, and which values it takes
    public record Field(String name, String help, StringProperty text) {}

    private final Field temperature =
            field(
                    "temperature",
                    "1",
                    "Divides the logits. From 0, which takes the likeliest token, to 2.");
    private final Field topP =
            field(
                    "top_p",
                    "1",
                    "Only the likeliest tokens that together hold this share. Above 0, at most 1.");
    private final Field topK =
            field("top_k", "0", "Only so many likeliest tokens. 0 takes all of them.");
    private final Field maxTokens =
            field("max_tokens", "128", "Tokens of an answer, at most. 1 or more.");
    private final Field seed =
            field(
                    "seed",
                    "0",
                    "Of the random numbers, the same in every column. slimelab generate writes the"
                            + " same text with it. A whole number.");
    private final ReadOnlyStringWrapper complaint = new ReadOnlyStringWrapper("");

    SamplingFields() {
        all().forEach(field -> field.text().subscribe(_ -> read()));
    }

    private static Field field(String name, String usual, String help) {
        return new Field(name, help, new SimpleStringProperty(usual));
    }

    public List<Field> all() {
        return List.of(temperature, topP, topK, maxTokens, seed);
    }

    public StringProperty seed() {
        return seed.text();
    }

    /// What is wrong with one of them, as a sentence; empty where nothing is.
    public ReadOnlyStringProperty complaint() {
        return complaint.getReadOnlyProperty();
    }

    /// Takes the next seed.
    public void nextSeed() {
        Sampling now = read();
        if (now != null) {
            seed.text().set(Long.toString(now.seed() + 1));
        }
    }

    /// What they say; null where one of them says nothing that can be done.
    @Nullable Sampling read() {
        complaint.set("");
        double t = number(temperature, value -> value >= 0 && value <= 2);
        double p = number(topP, value -> value > 0 && value <= 1);
        double k = number(topK, value -> isWhole(value) && value >= 0);
        double most = number(maxTokens, value -> isWhole(value) && value >= 1);
        long random = 0;
        try {
            random = Long.parseLong(seed.text().get().strip());
        } catch (NumberFormatException _) {
            complain(seed);
        }
        return complaint.get().isEmpty() ? new Sampling(t, p, (int) k, (int) most, random) : null;
    }

    private double number(Field field, DoublePredicate fits) {
        try {
            double value = Double.parseDouble(field.text().get().strip());
            if (fits.test(value)) {
                return value;
            }
        } catch (NumberFormatException _) {
            // as good as one that does not fit
        }
        complain(field);
        return Double.NaN;
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value) && value <= Integer.MAX_VALUE;
    }

    private void complain(Field field) {
        if (complaint.get().isEmpty()) {
            complaint.set(
                    "%s is “%s”. %s".formatted(field.name(), field.text().get(), field.help()));
        }
    }
}
