package dev.slimelab.app.compose;

import java.util.List;

/// A titled part of the form.
///
/// @param fields what nearly everybody sets
/// @param more what is tucked away
public record FormSection(String title, List<FormField> fields, List<FormField> more) {
    /// Splits fields by the end of their path: those named here are shown, in this order, the
    /// others tucked away.
    static FormSection of(String title, List<FormField> all, String... shown) {
        List<String> names = List.of(shown);
        List<FormField> first =
                names.stream()
                        .flatMap(name -> all.stream().filter(field -> isAt(field, name)))
                        .toList();
        List<FormField> rest =
                all.stream()
                        .filter(field -> names.stream().noneMatch(name -> isAt(field, name)))
                        .toList();
        return new FormSection(title, first, rest);
    }

    private static boolean isAt(FormField field, String end) {
        return ("." + field.path()).endsWith("." + end);
    }
}
