package dev.slimelab.app;

import java.util.List;
import java.util.SplittableRandom;

/// Preference pairs such as people have: mostly sound, with a few rows of every kind of trouble.
final class FakePairs {
    private static final List<String> CHEERFUL =
            List.of("First", "Then", "After that", "In the end", "Together");

    private FakePairs() {}

    /// 200 rows.
    static String jsonLines() {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            int a = random.nextInt(10, 99);
            int b = random.nextInt(10, 99);
            String prompt = "Add %d and %d step by step.".formatted(a, b);
            String chosen = sum(a, b, a + b, 1 + random.nextInt(4));
            String rejected =
                    switch (i % 23) {
                        case 7 -> chosen;
                        case 11 -> "";
                        default -> sum(a, b, a + b + random.nextInt(1, 9), 1 + random.nextInt(6));
                    };
            String row =
                    "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}\n"
                            .formatted(prompt, chosen, rejected);
            rows.append(i % 41 == 40 ? "{\"prompt\": \"" + prompt + "\"}\n" : row);
            if (i % 50 == 49) {
                rows.append(row);
            }
        }
        return rows.toString();
    }

    private static String sum(int a, int b, int result, int words) {
        return " %s: %d plus %d is %d. The answer is %d."
                .formatted(
                        String.join(", ", CHEERFUL.subList(0, Math.min(words, CHEERFUL.size()))),
                        a,
                        b,
                        result,
                        result);
    }
}
