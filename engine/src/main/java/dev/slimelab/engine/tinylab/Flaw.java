package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.random.SplitMix64;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What is wrong with a rejected answer: exactly one thing. Opener and wordings are drawn afresh,
/// so most of its tokens are as good as the chosen answer's.
public enum Flaw {
    /// A wrong value in the right form. In 40 % of these the line of work is right nevertheless.
    WRONG_VALUE(40),
    /// The right value in another form: other separators, prose instead of the answer line, no
    /// work, a broken sentence.
    WRONG_FORM(25),
    /// A right answer with a filler sentence before it, a courtesy after it, or both, each on a
    /// line of its own.
    VERBOSE(20),
    /// A right answer with its work line or its answer line two or three times.
    REPETITION(15);

    private static final int RIGHT_WORK_PERCENT = 40;

    private final int percent;

    Flaw(int percent) {
        this.percent = percent;
    }

    /// The share of rejected answers with this flaw; the shares sum to 100.
    public int percent() {
        return percent;
    }

    static Flaw draw(SplitMix64 random) {
        int rest = random.below(100);
        for (Flaw flaw : values()) {
            if (rest < flaw.percent) {
                return flaw;
            }
            rest -= flaw.percent;
        }
        throw new AssertionError("the shares of the flaws sum to 100");
    }

    /// An answer to `task` with this flaw and no other.
    String answer(Task task, SplitMix64 random) {
        String opener = Opener.draw(random);
        Solution right = task.right(random);
        return switch (this) {
            case WRONG_VALUE -> {
                Solution wrong = task.wrong(random);
                boolean rightWork = random.chance(RIGHT_WORK_PERCENT);
                yield (rightWork ? new Solution(right.work(), wrong.value()) : wrong).under(opener);
            }
            case WRONG_FORM -> misshapen(task, right, opener, random);
            case VERBOSE -> padded(right.under(opener), random);
            case REPETITION -> repeated(right, opener, random);
        };
    }

    /// Free-form answers break inside their sentence; the others break there, lose their work line,
    /// or end in prose.
    private static String misshapen(Task task, Solution right, String opener, SplitMix64 random) {
        int way = right.work().isEmpty() ? 0 : random.below(4);
        return switch (way) {
            case 2 -> Solution.free(right.value()).under(opener);
            case 3 ->
                    String.join(
                            "\n",
                            opener,
                            right.work().getFirst(),
                            "So the answer is " + right.value() + ".");
            default -> new Solution(right.work(), task.misshapen(random)).under(opener);
        };
    }

    private static String padded(String answer, SplitMix64 random) {
        String before = random.pick(Words.FILLERS) + "\n";
        String after = "\n" + random.pick(Words.COURTESIES);
        return switch (random.below(3)) {
            case 0 -> before + answer;
            case 1 -> answer + after;
            default -> before + answer + after;
        };
    }

    private static String repeated(Solution right, String opener, SplitMix64 random) {
        int times = random.between(2, 3);
        boolean repeatWork = !right.work().isEmpty() && random.chance(50);
        List<String> lines = new ArrayList<>();
        lines.add(opener);
        Collections.nCopies(repeatWork ? times : 1, right.work()).forEach(lines::addAll);
        lines.addAll(Collections.nCopies(repeatWork ? 1 : times, right.answerLine()));
        return String.join("\n", lines);
    }
}
