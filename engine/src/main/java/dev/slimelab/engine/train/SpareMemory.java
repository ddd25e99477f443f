package dev.slimelab.engine.train;

/// Memory that malloc keeps though nothing uses it. Where batches differ in length it grows from
/// one to the next, because pieces of one length do not fit another (docs/decisions/0036).
final class SpareMemory {
    /// A process that is this much larger than a step needed gives back what is free; Java's own
    /// memory changes by less.
    private static final double MOST_GROWTH = 1.02;

    /// The most there was after a step that began without spare memory.
    private double neededBytes;

    private int stepsWithoutGivingBack;

    /// Called before each step, gives the system back what has become much. The step has to fetch
    /// its memory again, which costs it a few hundredths of its time.
    void giveBack() {
        double bytes = ProcessMemory.residentBytes();
        if (stepsWithoutGivingBack == 1) {
            neededBytes = Math.max(neededBytes, bytes);
        } else if (stepsWithoutGivingBack > 1 && bytes > MOST_GROWTH * neededBytes) {
            ProcessMemory.giveBackFree();
            stepsWithoutGivingBack = 0;
        }
        stepsWithoutGivingBack++;
    }
}
