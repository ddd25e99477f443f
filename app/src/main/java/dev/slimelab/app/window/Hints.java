package dev.slimelab.app.window;

import dev.slimelab.app.command.Hint;

import java.util.List;
import java.util.stream.Stream;

/// The keys that the parts of a page take for themselves while they have the focus.
final class Hints {
    private static final List<Hint> EVERYWHERE =
            List.of(
                    new Hint("Anywhere", "Tab, Shift+Tab", "To the next control, or back"),
                    new Hint("List of runs", "↑ ↓", "Shows the run above or below"),
                    new Hint(
                            "List of runs", "← →", "Folds away the runs of a grid, or shows them"));

    private static final List<Hint> CHARTS =
            List.of(
                    new Hint("Large chart", "← →", "Moves the cross-hair; ten steps with Shift"),
                    new Hint("Large chart", "Enter", "Chooses the step under the cross-hair"),
                    new Hint("Large chart", "↑ ↓", "Goes through the curves one by one"),
                    new Hint("Large chart", "+ −", "Zooms in or out at the cross-hair"),
                    new Hint("Large chart", "0", "Shows everything again"),
                    new Hint(
                            "Large chart",
                            "Mouse",
                            "Drag zooms, the wheel zooms along, Shift and drag pans, a double click"
                                    + " shows everything, a click in the legend isolates"));

    private static final List<Hint> TOKENS =
            List.of(
                    new Hint("Tokens", "← → ↑ ↓", "Goes from token to token"),
                    new Hint("Tokens", "Home, End", "To the first or the last token"));

    private static final List<Hint> LIBRARY =
            List.of(
                    new Hint("Library", "↑ ↓, Shift", "Selects a run, or several"),
                    new Hint("Library", "Delete", "Moves the selected run to the trash"),
                    new Hint("Columns of the library", "Space", "Shows a column or hides it"),
                    new Hint("Columns of the library", "Enter", "Sorts by it; again: backwards"),
                    new Hint("Columns of the library", "Alt+↑ ↓", "Moves it to the left or right"),
                    new Hint("Columns of the library", "Alt+← →", "Makes it narrower or wider"));

    private Hints() {}

    static List<Hint> of(String page) {
        List<Hint> here =
                switch (page) {
                    case WindowViewModel.LIVE_PAGE ->
                            Stream.concat(CHARTS.stream(), TOKENS.stream()).toList();
                    case WindowViewModel.COMPARE_PAGE ->
                            Stream.concat(CHARTS.stream(), LIBRARY.stream()).toList();
                    default -> List.of();
                };
        return Stream.concat(here.stream(), EVERYWHERE.stream()).toList();
    }
}
