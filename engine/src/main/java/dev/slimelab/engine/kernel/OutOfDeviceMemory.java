package dev.slimelab.engine.kernel;

import java.util.regex.Pattern;

/// A kernel asked for more memory than its device has left. What it had made is freed with its
/// scope; the tensors it was given are as they were, except those it changes in place.
public final class OutOfDeviceMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What libtorch says on a GPU, in its matrix library there, and on the CPU.
    private static final Pattern SAID =
            Pattern.compile(
                    "out of memory|CUBLAS_STATUS_ALLOC_FAILED|can't allocate memory",
                    Pattern.CASE_INSENSITIVE);

    OutOfDeviceMemory(RuntimeException cause) {
        super(said(cause), cause);
    }

    /// The line that says it, among those that say where.
    private static String said(RuntimeException cause) {
        return String.valueOf(cause.getMessage())
                .lines()
                .filter(line -> SAID.matcher(line).find())
                .map(line -> line.replaceFirst("^RuntimeError: ", "").replaceFirst("\\.$", ""))
                .findFirst()
                .orElse("");
    }

    static boolean isMeantBy(RuntimeException thrown) {
        return thrown.getMessage() != null && SAID.matcher(thrown.getMessage()).find();
    }
}
