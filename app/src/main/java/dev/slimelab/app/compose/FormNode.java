package dev.slimelab.app.compose;

import java.util.ArrayList;
import java.util.List;

/// A setting and those that it governs: what the present kind of a page of choices brings along, or
/// what an enum that can be off switches.
///
/// @param on false for what is switched off
/// @param below empty while the setting is off
public record FormNode(FormField field, boolean on, List<FormNode> below) {
    /// The settings of a record, as far as a draft has them.
    ///
    /// An enum with a constant `OFF` is a switch for the components that follow it, up to the next
    /// such enum.
    static List<FormNode> of(Class<?> owner, String path, Draft draft) {
        List<FormNode> nodes = new ArrayList<>();
        List<FormField> fields = FormField.of(owner, path);
        for (int i = 0; i < fields.size(); i++) {
            FormField field = fields.get(i);
            boolean on = !field.canBeOff() || !field.word(draft).equals(FormField.OFF);
            switch (field.kind()) {
                case PAGE -> nodes.add(new FormNode(field, on, ofKind(field, draft)));
                case CHOICE -> {
                    int end = field.canBeOff() ? nextSwitch(fields, i) : i + 1;
                    List<FormNode> switched =
                            fields.subList(i + 1, end).stream()
                                    .map(governed -> new FormNode(governed, true, List.of()))
                                    .toList();
                    nodes.add(new FormNode(field, on, on ? switched : List.of()));
                    i = end - 1;
                }
                case NUMBER, WHOLE_NUMBER, TEXT, LIST, OBJECT ->
                        nodes.add(new FormNode(field, on, List.of()));
            }
        }
        return nodes;
    }

    private static int nextSwitch(List<FormField> fields, int from) {
        int next = from + 1;
        while (next < fields.size() && !fields.get(next).canBeOff()) {
            next++;
        }
        return next;
    }

    /// The settings of the kind that a page has in a draft.
    static List<FormNode> ofKind(FormField page, Draft draft) {
        return page.kindType(draft).map(type -> of(type, page.path(), draft)).orElse(List.of());
    }
}
