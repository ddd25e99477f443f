package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;
import dev.slimelab.engine.tinylab.Task.Add;
import dev.slimelab.engine.tinylab.Task.Date;
import dev.slimelab.engine.tinylab.Task.Describe;
import dev.slimelab.engine.tinylab.Task.Json;
import dev.slimelab.engine.tinylab.Task.Lookup;
import dev.slimelab.engine.tinylab.Task.Reverse;
import dev.slimelab.engine.tinylab.Task.Sort;
import dev.slimelab.engine.tinylab.Task.Story;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The tiny lab's data: eight families of small tasks in turn, each with a right answer and a
/// flawed one, drawn from integers alone.
///
/// The same seed gives the same text on every machine. Each [Split] has its own random stream, so
/// no two parts of the experiment are drawn from the same numbers. Small families repeat across
/// splits all the same: there are only 64 coloured animals.
public final class Corpus {
    /// The parts of the experiment, each with a stream of its own.
    public enum Split {
        /// Texts from which the tokenizer's merges are learned.
        TOKENIZER(0x746F6B656EL, 6_000),
        /// What the base model is pretrained on.
        BASE(0x62617365L, 40_000),
        /// Chosen answers for the light supervised fine-tuning after it.
        SUPERVISED(0x736674L, 4_000),
        /// Preference pairs; the size is the usual one, a run may ask for another.
        PREFERENCE(0x7061697273L, 4_000),
        /// Held-out pairs whose log-probabilities are followed during training.
        PROBE(0x70726F6265L, 96),
        /// Held-out prompts to generate from.
        HELD_OUT(0x68656C64L, 240);

        private final long salt;
        private final int size;

        Split(long salt, int size) {
            this.salt = salt;
            this.size = size;
        }

        public int size() {
            return size;
        }

        /// Hashes twice, so that neighbouring seeds of neighbouring splits start far apart.
        private SplitMix64 stream(long seed) {
            return new SplitMix64(
                    new SplitMix64(salt).nextLong() + new SplitMix64(seed).nextLong());
        }
    }

    /// The families in the order in which the corpus goes round.
    private static final List<Function<SplitMix64, Task>> FAMILIES =
            List.of(
                    Sort::draw,
                    Add::draw,
                    Reverse::draw,
                    Date::draw,
                    Json::draw,
                    Lookup::draw,
                    Describe::draw,
                    Story::draw);

    /// Of the answers that the base model sees, this share is right. Flawed answers must keep mass,
    /// or there would be nothing to prefer.
    private static final int BASE_CHOSEN_PERCENT = 60;

    private Corpus() {}

    /// Preference pairs for training. A longer list with the same seed starts with the shorter one.
    ///
    /// @throws Problem if `count` is not positive
    public static List<LabPair> pairs(long seed, int count) {
        if (count < 1) {
            throw Problem.badRequest(
                    "The tiny lab was asked for " + count + " pairs.",
                    "Ask for at least one; the usual number is " + Split.PREFERENCE.size() + ".");
        }
        return draw(Split.PREFERENCE.stream(seed), count);
    }

    /// The fixed pairs of a split, in their fixed order.
    public static List<LabPair> pairs(Split split) {
        return draw(split.stream(0), split.size());
    }

    /// The 96 held-out pairs on which log-probabilities are measured.
    public static List<LabPair> probe() {
        return pairs(Split.PROBE);
    }

    /// The 240 held-out prompts with their tasks; 30 of each family. The answers are one example
    /// each and serve to show, not to compare.
    public static List<LabPair> heldOut() {
        return pairs(Split.HELD_OUT);
    }

    /// The base model's 40,000 texts: 60 % right answers, 40 % flawed ones. The loss is on prompt
    /// and answer.
    public static List<LabAnswer> base() {
        SplitMix64 choice = Split.BASE.stream(1);
        return pairs(Split.BASE).stream()
                .map(
                        pair ->
                                new LabAnswer(
                                        pair.task(),
                                        pair.prompt(),
                                        choice.chance(BASE_CHOSEN_PERCENT)
                                                ? pair.chosen()
                                                : pair.rejected()))
                .toList();
    }

    /// The 4,000 right answers of supervised fine-tuning, and of its longer control run.
    public static List<LabAnswer> supervised() {
        return pairs(Split.SUPERVISED).stream()
                .map(pair -> new LabAnswer(pair.task(), pair.prompt(), pair.chosen()))
                .toList();
    }

    /// What the tokenizer is learned from: 6,000 prompts, each with both answers.
    public static Stream<String> tokenizerTexts() {
        return pairs(Split.TOKENIZER).stream()
                .flatMap(pair -> Stream.of(pair.prompt(), pair.chosen(), pair.rejected()));
    }

    private static List<LabPair> draw(SplitMix64 random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> pair(FAMILIES.get(i % FAMILIES.size()).apply(random), random))
                .toList();
    }

    private static LabPair pair(Task task, SplitMix64 random) {
        String prompt = random.pick(task.prompts());
        String chosen = task.right(random).under(Opener.draw(random));
        Flaw flaw = Flaw.draw(random);
        return new LabPair(task, prompt, chosen, flaw.answer(task, random), flaw);
    }
}
