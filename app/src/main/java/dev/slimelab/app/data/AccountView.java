package dev.slimelab.app.data;

import dev.slimelab.app.data.Account.Cut;
import dev.slimelab.app.data.Account.Finding;
import dev.slimelab.app.data.Account.Place;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import javafx.geometry.HPos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The account of a source: counts, lengths, what truncation takes, and every kind of problem.
final class AccountView extends VBox {
    private final Consumer<String> showOnly;

    /// @param showOnly takes a code: the rows with that problem are to be shown
    AccountView(Account account, Consumer<String> showOnly) {
        super(12);
        this.showOnly = showOnly;
        setId("account");
        Label recognised = new Label(recognised(account));
        recognised.setId("recognised");
        recognised.setWrapText(true);
        recognised.setMinHeight(Region.USE_PREF_SIZE);
        getChildren().addAll(recognised, counts(account));
        if (account.tokens().prompt().rows() > 0) {
            HBox lengths =
                    new HBox(
                            12,
                            new LengthsView("Prompt", account.tokens().prompt(), "hue-neutral"),
                            new LengthsView(
                                    "Chosen", account.tokens().chosen(), Hue.CHOSEN.styleClass()));
            if (account.tokens().rejected().rows() > 0) {
                lengths.getChildren()
                        .add(
                                new LengthsView(
                                        "Rejected",
                                        account.tokens().rejected(),
                                        Hue.REJECTED.styleClass()));
            }
            Label truncation = new Label(truncation(account));
            truncation.setId("truncation");
            truncation.setWrapText(true);
            truncation.setMinHeight(Region.USE_PREF_SIZE);
            getChildren().addAll(lengths, truncation);
        }
        if (!account.findings().isEmpty()) {
            getChildren().add(findings(account));
        }
    }

    private static String recognised(Account account) {
        return account.isRecognised()
                ? "Read as %s, %s (%s): %s."
                        .formatted(
                                account.format(),
                                account.conversational() ? "conversational" : "standard",
                                account.container(),
                                account.kind())
                : "%s, in no format that is known.".formatted(account.container());
    }

    private static FlowPane counts(Account account) {
        FlowPane counts = new FlowPane(20, 6);
        counts.getChildren()
                .addAll(
                        count("rows", account.rows()),
                        count("used", account.kept()),
                        count("left out", account.dropped()),
                        count("repeated", account.duplicates()),
                        count("contradictory", account.contradictions()),
                        count("ties", account.ties()),
                        count("doubled start", account.doubledBos()),
                        count("doubled end", account.doubledEos()));
        return counts;
    }

    private static VBox count(String what, int number) {
        Label value = new Label(Numbers.fixed(number, 0));
        value.getStyleClass().add("count-value");
        Label label = new Label(what);
        label.getStyleClass().add("headline-label");
        return new VBox(value, label);
    }

    private static String truncation(Account account) {
        String limit = Numbers.fixed(account.truncation().maxLength(), 0);
        Cut chosen = account.truncation().chosen();
        Cut rejected = account.truncation().rejected();
        int prompts = account.truncation().promptTooLong();
        if (chosen.rows() == 0 && rejected.rows() == 0 && prompts == 0) {
            return "Nothing is cut: every row has at most " + limit + " tokens.";
        }
        return "Of %s tokens: %s; %s; %s with no room for an answer."
                .formatted(
                        limit,
                        cut("chosen", chosen),
                        cut("rejected", rejected),
                        number(prompts, "prompt"));
    }

    private static String cut(String side, Cut cut) {
        return "%s cut in %s, %s lost"
                .formatted(side, number(cut.rows(), "row"), number(cut.tokens(), "token"));
    }

    private static String number(long count, String thing) {
        return Numbers.fixed((double) count, 0) + " " + thing + (count == 1 ? "" : "s");
    }

    private GridPane findings(Account account) {
        GridPane table = new GridPane();
        table.setId("findings");
        table.getStyleClass().addAll("card", "comparison");
        ColumnConstraints grow = new ColumnConstraints();
        grow.setHgrow(Priority.ALWAYS);
        ColumnConstraints numbers = new ColumnConstraints();
        numbers.setHalignment(HPos.RIGHT);
        table.getColumnConstraints()
                .addAll(new ColumnConstraints(), new ColumnConstraints(), numbers, grow);
        int column = 0;
        for (String head : new String[] {"problem", "", "rows", "first"}) {
            Label label = new Label(head);
            label.getStyleClass().add("quiet");
            table.add(label, column++, 0);
        }
        int row = 1;
        for (Finding finding : account.findings()) {
            Hyperlink show = new Hyperlink(finding.words());
            show.setTooltip(new Tooltip("Show these rows. " + finding.remedy()));
            show.setAccessibleText("Show rows with the problem " + finding.words());
            show.setMinWidth(Region.USE_PREF_SIZE);
            show.setOnAction(_ -> showOnly.accept(finding.code()));
            Label verdict = new Label(finding.dropped() ? "left out" : "noted");
            verdict.getStyleClass().addAll("mark", finding.dropped() ? "unsure" : "sure");
            verdict.setMinWidth(Region.USE_PREF_SIZE);
            Label first =
                    new Label(
                            finding.first().stream()
                                            .map(Place::words)
                                            .collect(Collectors.joining(", "))
                                    + (finding.count() > finding.first().size() ? ", …" : ""));
            first.getStyleClass().add("quiet");
            first.setTooltip(new Tooltip(finding.first().getFirst().message()));
            table.add(show, 0, row);
            table.add(verdict, 1, row);
            table.add(new Label(Numbers.fixed(finding.count(), 0)), 2, row);
            table.add(first, 3, row++);
        }
        return table;
    }
}
