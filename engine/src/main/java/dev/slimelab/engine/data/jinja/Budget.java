package dev.slimelab.engine.data.jinja;

/// What one rendering may use, so that a template that runs away ends within seconds and does not
/// fill the memory.
final class Budget {
    /// Characters of a text and members of a list. A conversation of a million tokens has about
    /// four million characters.
    private static final int LONGEST = 1 << 24;

    private static final int STEP = 100;
    private static final int MEMBER = 20;

    /// In characters moved; a step of the renderer counts as [#STEP] of them.
    private long left = 1_000_000_000L;

    /// One node of the template.
    void step() {
        spend(STEP);
    }

    /// Pays for a text or list that is about to be made or gone through.
    ///
    /// @return the size, which is not too large
    int take(long size) {
        if (size > LONGEST) {
            throw tooLong();
        }
        spend(size);
        return (int) size;
    }

    /// The same for the members of a list, which take more time than the characters of a text.
    int members(long size) {
        int members = take(size);
        spend((long) MEMBER * members);
        return members;
    }

    /// Appends to a text that is being made.
    void grow(StringBuilder text, String addition) {
        take(addition.length());
        if ((long) text.length() + addition.length() > LONGEST) {
            throw tooLong();
        }
        text.append(addition);
    }

    private static Failure tooLong() {
        return Failure.of("a text or list grows beyond " + LONGEST + " members");
    }

    private void spend(long cost) {
        left -= cost;
        if (left < 0) {
            throw Failure.of("the template does not come to an end in reasonable time");
        }
    }
}
