package dev.slimelab.engine.verify;

import java.util.List;

/// Which cases run: those whose id begins with one of the prefixes, or all where there are none.
public record Selection(List<String> prefixes) {
    boolean includes(String id) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(id::startsWith);
    }

    /// Whether anything below `part` may be included.
    boolean reaches(String part) {
        return prefixes.isEmpty()
                || prefixes.stream()
                        .anyMatch(prefix -> prefix.startsWith(part) || part.startsWith(prefix));
    }
}
