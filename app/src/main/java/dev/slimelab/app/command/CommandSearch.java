package dev.slimelab.app.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Finds commands by some of their letters, in order: `ef` finds "Export figure". Letters that
/// begin words or follow each other count more; where nothing tells two apart, their order stays.
final class CommandSearch {
    private static final int BEGINS_WORD = 8;
    private static final int FOLLOWS = 5;
    private static final int NO_MATCH = Integer.MIN_VALUE;

    private record Hit(Command command, int score) {}

    private CommandSearch() {}

    static List<Command> of(String query, List<Command> commands) {
        String letters = query.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
        if (letters.isEmpty()) {
            return commands;
        }
        return commands.stream()
                .map(command -> new Hit(command, score(letters, command)))
                .filter(hit -> hit.score() > NO_MATCH)
                .sorted(Comparator.comparingInt(hit -> -hit.score()))
                .map(Hit::command)
                .toList();
    }

    /// By its words, or less by the words of its group.
    private static int score(String letters, Command command) {
        String words = command.words().toLowerCase(Locale.ROOT);
        int own = score(letters, words);
        return own > NO_MATCH
                ? own - words.length() / 8
                : score(letters, command.group().title().toLowerCase(Locale.ROOT) + " " + words)
                                > NO_MATCH
                        ? Integer.MIN_VALUE / 2
                        : NO_MATCH;
    }

    /// The best of all ways to find the letters in the words.
    private static int score(String letters, String words) {
        int[] best = new int[words.length()];
        for (int letter = 0; letter < letters.length(); letter++) {
            int[] next = new int[words.length()];
            int before = letter == 0 ? 0 : NO_MATCH; // the best that ends left of here
            for (int at = 0; at < words.length(); at++) {
                if (letter > 0 && at > 0) {
                    before = Math.max(before, best[at - 1]);
                }
                next[at] = NO_MATCH;
                if (words.charAt(at) == letters.charAt(letter) && before > NO_MATCH) {
                    boolean begins = at == 0 || !Character.isLetterOrDigit(words.charAt(at - 1));
                    int alone = before + (begins ? BEGINS_WORD : 1);
                    boolean follows = letter > 0 && at > 0 && best[at - 1] > NO_MATCH;
                    next[at] = follows ? Math.max(alone, best[at - 1] + FOLLOWS) : alone;
                }
            }
            best = next;
        }
        return IntStream.of(best).max().orElse(NO_MATCH);
    }
}
