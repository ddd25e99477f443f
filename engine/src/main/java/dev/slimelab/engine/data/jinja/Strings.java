package dev.slimelab.engine.data.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Python's string methods, where Java's differ. Positions and lengths count code points.
final class Strings {
    private Strings() {}

    /// White space as `str.strip` sees it, U+00A0 and U+3000 included.
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    static String strip(String text, IntPredicate stripped) {
        return stripStart(stripEnd(text, stripped), stripped);
    }

    static String stripEnd(String text) {
        return stripEnd(text, Strings::isSpace);
    }

    static String stripEnd(String text, IntPredicate stripped) {
        int end = text.length();
        while (end > 0 && stripped.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static String stripStart(String text, IntPredicate stripped) {
        int start = 0;
        while (start < text.length() && stripped.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>();
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    /// The parts between the separators.
    ///
    /// @param limit how often to split at most; negative for no limit
    static List<Object> split(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(separator);
                end >= 0 && parts.size() != limit;
                end = text.indexOf(separator, start)) {
            parts.add(text.substring(start, end));
            start = end + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    /// The same, from the end.
    static List<Object> splitFromEnd(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        for (int start = text.lastIndexOf(separator);
                start >= 0 && parts.size() != limit;
                start = text.lastIndexOf(separator, end - separator.length())) {
            parts.addFirst(text.substring(start + separator.length(), end));
            end = start;
            if (end < separator.length()) {
                break;
            }
        }
        parts.addFirst(text.substring(0, end));
        return parts;
    }

    /// At white space of any length, of which none is left at the ends.
    static List<Object> words(String text, long limit) {
        List<Object> words = new ArrayList<>();
        String rest = stripStart(text, Strings::isSpace);
        while (!rest.isEmpty()) {
            if (words.size() == limit) {
                words.add(stripEnd(rest));
                break;
            }
            int end = 0;
            while (end < rest.length() && !isSpace(rest.charAt(end))) {
                end++;
            }
            words.add(rest.substring(0, end));
            rest = stripStart(rest.substring(end), Strings::isSpace);
        }
        return words;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int second = text.offsetByCodePoints(0, 1);
        return text.substring(0, second).toUpperCase(Locale.ROOT)
                + text.substring(second).toLowerCase(Locale.ROOT);
    }

    /// The first letter of every word in upper case, the others in lower case.
    ///
    /// @param between whether a character stands between words
    static String title(String text, IntPredicate between) {
        var title = new StringBuilder();
        boolean first = true;
        for (int c : text.codePoints().toArray()) {
            String letter = Character.toString(c);
            title.append(first ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
            first = between.test(c);
        }
        return title.toString();
    }

    /// Whether there are characters, and all are of the kind.
    static boolean all(String text, IntPredicate kind) {
        return !text.isEmpty() && text.codePoints().allMatch(kind);
    }

    /// Order by code points, as Python's.
    static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; ) {
            int a = left.codePointAt(i);
            int b = right.codePointAt(i);
            if (a != b) {
                return Integer.compare(a, b);
            }
            i += Character.charCount(a);
        }
        return Integer.compare(left.length(), right.length());
    }
}
