package dev.slimelab.app.compose;

import java.util.List;

/// A term of the objective, or a factor of one, that can be switched off.
///
/// @param slot the path that the switch writes: a whole term, which is then null, or a factor's
///   word, which is then `off`
public record TermCard(
        String title, String help, String slot, Switch how, boolean on, List<FormField> fields) {
    /// What "off" means for the slot.
    public enum Switch {
        ABSENT,
        OFF_WORD
    }
}
