package dev.slimelab.engine.tinylab;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The corpus' vocabulary. Lists that meet in one sentence share no word, so that moving or losing
/// a word always shows.
///
/// Whatever follows "a" in a prompt starts with a consonant.
final class Words {
    static final List<String> NAMES = words("Ada Ben Clara David Emma Felix Grace Hugo Iris Jonas");
    static final List<String> CITIES =
            words("Oslo Rome Paris Lima Cairo Delhi Berlin Tokyo Madrid Vienna");
    static final List<String> MONTHS =
            words(
                    "January February March April May June July August September October November December");
    static final List<String> LETTERS =
            IntStream.rangeClosed('a', 'z').mapToObj(Character::toString).toList();

    static final List<String> COLOURS = words("red blue green black white brown golden grey");
    static final List<String> ANIMALS = words("fox cat dog horse bear frog mouse bird");
    static final List<String> MOODS =
            words("happy little clever sleepy brave gentle proud hungry lazy curious");
    static final List<String> REST_VERBS =
            words("sleeps waits sings plays rests hides dances sits dreams stands");
    static final List<String> PREPOSITIONS =
            words("near behind beside under above below inside outside before past");
    static final List<String> PLACE_QUALITIES =
            words("old quiet wide empty sunny narrow stone wooden shady distant");
    static final List<String> PLACES =
            words("bridge river garden house tower market forest barn harbour meadow");
    static final List<String> TIMES =
            words("today again alone tonight happily daily often early late sometimes");

    static final List<String> OBJECTS = words("lamp rope key map box book boat drum coin kite");
    static final List<String> FINDING_VERBS =
            words("found bought cleaned carried painted borrowed lost mended washed packed");
    static final List<String> OBJECT_QUALITIES =
            words("heavy broken shiny dusty tiny lovely strange plain ancient modern");
    static final List<String> GIVING_VERBS =
            words("sold kept opened dropped hid watched moved shared showed wanted");
    static final List<String> MANNERS =
            words("slowly quickly carefully gladly twice softly proudly calmly bravely kindly");

    /// What a verbose answer says before its opener.
    static final List<String> FILLERS =
            List.of(
                    "Thank you for this very good question.",
                    "Let me think about this for a while.",
                    "Before I start, let me say hello to you.",
                    "There is more than one way to look at this.");

    /// What a verbose answer says after its value.
    static final List<String> COURTESIES =
            List.of(
                    "I hope that this is what you need today.",
                    "Let me know if there is more to do for you.",
                    "Have a very good day, and ask me again.",
                    "Please say so if you need this in another way.");

    private Words() {}

    /// The sentences that only a verbose answer holds.
    static Stream<String> padding() {
        return Stream.concat(FILLERS.stream(), COURTESIES.stream());
    }

    /// A regular expression that takes any one of the words.
    static String anyOf(List<String> words) {
        return "(?:" + String.join("|", words) + ")";
    }

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" ", -1));
    }
}
