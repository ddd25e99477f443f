package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.random.SplitMix64;

import java.util.List;
import java.util.regex.Pattern;

/// The free first line of every answer, such as `Of course! Here is your result below.`
///
/// It carries no information, and 4,320 forms of it (8.4 nats) are right. Chosen and rejected
/// answers draw theirs independently. Without such freedom nearly all probability sits on forced
/// tokens, and a preference margin can only come from pushing down a few wrong digits, which is
/// unlike natural text.
final class Opener {
    static final List<String> GREETINGS =
            List.of("Sure", "Of course", "Certainly", "Okay", "Right", "Gladly");
    static final List<String> MARKS = List.of(",", "!", ".");
    static final List<String> OFFERS = List.of("here is", "this is", "below is", "I made");
    static final List<String> OWNERS = List.of("the", "my", "your");
    static final List<String> NOUNS = List.of("result", "reply", "solution", "outcome", "work");
    static final List<String> TAILS = List.of("", " now", " below", " at once");

    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "%s(?:, %s|[!.] %s) %s %s%s\\."
                            .formatted(
                                    Words.anyOf(GREETINGS),
                                    Words.anyOf(OFFERS),
                                    Words.anyOf(OFFERS.stream().map(Opener::capitalized).toList()),
                                    Words.anyOf(OWNERS),
                                    Words.anyOf(NOUNS),
                                    Words.anyOf(TAILS)));

    private Opener() {}

    static String draw(SplitMix64 random) {
        String greeting = random.pick(GREETINGS);
        String mark = random.pick(MARKS);
        String offer = random.pick(OFFERS);
        return greeting
                + mark
                + " "
                + (mark.equals(",") ? offer : capitalized(offer))
                + " "
                + random.pick(OWNERS)
                + " "
                + random.pick(NOUNS)
                + random.pick(TAILS)
                + ".";
    }

    static boolean accepts(String line) {
        return GRAMMAR.matcher(line).matches();
    }

    private static String capitalized(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
