package dev.slimelab.app.window;

import dev.slimelab.app.command.HelpView;
import dev.slimelab.app.command.PaletteView;
import dev.slimelab.app.command.PaletteViewModel;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.window.WindowViewModel.Panel;

import javafx.application.Application;
import javafx.geometry.Bounds;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.transform.Scale;
import javafx.scene.transform.Translate;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The whole of the window: the desk with everything on it, as large as the settings say, and above
/// it the palette, the help or the settings.
///
/// All that is on the desk is scaled together, as in a browser. Where it then has no room, the desk
/// keeps its least size and is scrolled, also to what gets the focus.
public final class Frame extends Region {
    /// The least room in which every part of the desk can be used, before scaling.
    private static final double LEAST_WIDTH = 960;

    private static final double LEAST_HEIGHT = 600;

    private final WindowViewModel model;
    private final WindowView desk;
    private final StackPane cover = new StackPane();
    private final Scale scale = new Scale(1, 1);
    private final Translate scrolled = new Translate();
    private final ScrollBar across = bar(Orientation.HORIZONTAL);
    private final ScrollBar down = bar(Orientation.VERTICAL);
    private final PaletteViewModel finding;
    private final PaletteView palette;
    private final HelpView help;
    private final SettingsView settings;
    private @Nullable Node before;

    public Frame(WindowViewModel model) {
        this.model = model;
        desk = new WindowView(model);
        Commands commands = desk.commands();
        Runnable close = () -> model.panel().set(Panel.NONE);
        finding = new PaletteViewModel(commands::all, close);
        palette = new PaletteView(finding);
        help =
                new HelpView(
                        commands::all,
                        () -> Hints.of(model.page().get()),
                        "More is written in docs/workbench.md.",
                        close);
        settings = new SettingsView(model.settings(), commands.scaling, close);
        desk.getTransforms().addAll(scrolled, scale);
        cover.getTransforms().add(scale);
        cover.getStyleClass().add("cover");
        cover.setAlignment(Pos.TOP_CENTER);
        cover.setOnMousePressed(
                event -> {
                    if (event.getTarget() == cover) {
                        close.run();
                    }
                });
        cover.addEventFilter(KeyEvent.KEY_PRESSED, this::keyOnCover);
        getChildren().addAll(desk, across, down, cover);
        scrolled.xProperty().bind(across.valueProperty().negate());
        scrolled.yProperty().bind(down.valueProperty().negate());
        addEventHandler(ScrollEvent.SCROLL, this::scroll);
        addEventFilter(ScrollEvent.SCROLL, this::scaleByWheel);
        model.settings().scale().subscribe(_ -> rescale());
        model.theme().subscribe(_ -> dress());
        model.settings().reducedMotion().subscribe(_ -> dress());
        model.panel().subscribe(this::show);
        Keys keys = new Keys(commands.all(), () -> model.panel().get() != Panel.NONE, desk);
        sceneProperty()
                .subscribe(
                        scene -> {
                            if (scene != null) {
                                keys.install(scene);
                                scene.focusOwnerProperty().subscribe(this::reveal);
                                dress();
                            }
                        });
    }

    private static ScrollBar bar(Orientation orientation) {
        ScrollBar bar = new ScrollBar();
        bar.setOrientation(orientation);
        bar.setAccessibleText(
                orientation == Orientation.VERTICAL ? "Scroll down" : "Scroll to the right");
        bar.setFocusTraversable(false);
        bar.setUnitIncrement(40);
        return bar;
    }

    private double factor() {
        return model.settings().scale().get() / 100.0;
    }

    private void rescale() {
        scale.setX(factor());
        scale.setY(factor());
        requestLayout();
        dress();
    }

    /// Puts on the style sheets of the theme, the motion and the size of text.
    private void dress() {
        Theme theme = model.theme().get();
        if (!theme.userAgentStylesheet().equals(Application.getUserAgentStylesheet())) {
            Application.setUserAgentStylesheet(theme.userAgentStylesheet());
        }
        Scene scene = getScene();
        if (scene == null) {
            return;
        }
        List<String> sheets = new ArrayList<>(theme.stylesheets());
        if (model.settings().reducedMotion().get()) {
            sheets.add(Theme.withoutMotion());
        }
        if (factor() != 1) {
            sheets.add(popups(factor()));
        }
        if (!scene.getStylesheets().equals(sheets)) {
            scene.getStylesheets().setAll(sheets);
        }
    }

    /// Menus, lists and tooltips are windows of their own, which no transform of this one reaches.
    private static String popups(double factor) {
        String css =
                ".tooltip, .context-menu, .context-menu .label, .combo-box-popup .list-cell {"
                        + " -fx-font-size: "
                        + 12.5 * factor
                        + "px; }";
        return "data:text/css;base64,"
                + Base64.getEncoder().encodeToString(css.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void layoutChildren() {
        double thick = Math.max(across.prefHeight(-1), down.prefWidth(-1));
        double needed = LEAST_WIDTH * factor();
        double tall = LEAST_HEIGHT * factor();
        boolean tooNarrow = needed > getWidth();
        boolean tooLow = tall > getHeight() - (tooNarrow ? thick : 0);
        tooNarrow |= needed > getWidth() - (tooLow ? thick : 0);
        double width = getWidth() - (tooLow ? thick : 0);
        double height = getHeight() - (tooNarrow ? thick : 0);
        desk.resizeRelocate(
                0, 0, Math.max(needed, width) / factor(), Math.max(tall, height) / factor());
        cover.resizeRelocate(0, 0, getWidth() / factor(), getHeight() / factor());
        fit(across, tooNarrow, width, needed);
        fit(down, tooLow, height, tall);
        across.resizeRelocate(0, height, width, thick);
        down.resizeRelocate(width, 0, thick, height);
    }

    private static void fit(ScrollBar bar, boolean used, double room, double needed) {
        double beyond = used ? needed - room : 0;
        bar.setVisible(used);
        bar.setMax(beyond);
        bar.setVisibleAmount(used ? beyond * room / needed : 0);
        bar.setBlockIncrement(room * 0.9);
        bar.setValue(Math.min(bar.getValue(), beyond));
    }

    private void scroll(ScrollEvent event) {
        move(across, across.getValue() - event.getDeltaX());
        move(down, down.getValue() - event.getDeltaY());
    }

    private static void move(ScrollBar bar, double to) {
        bar.setValue(Math.clamp(to, 0, bar.getMax()));
    }

    private void scaleByWheel(ScrollEvent event) {
        if (event.isShortcutDown() && event.getDeltaY() != 0) {
            model.settings().scaleBy(event.getDeltaY() > 0 ? 1 : -1);
            event.consume();
        }
    }

    /// Scrolls to what has got the focus.
    private void reveal(@Nullable Node focused) {
        boolean fits = !across.isVisible() && !down.isVisible();
        if (focused == null || fits || !isOnDesk(focused)) {
            return;
        }
        Bounds at = sceneToLocal(focused.localToScene(focused.getLayoutBounds()));
        move(across, into(across.getValue(), at.getMinX(), at.getMaxX(), across.getWidth()));
        move(down, into(down.getValue(), at.getMinY(), at.getMaxY(), down.getHeight()));
    }

    private boolean isOnDesk(Node node) {
        for (Parent parent = node.getParent(); parent != null; parent = parent.getParent()) {
            if (parent == desk) {
                return true;
            }
        }
        return false;
    }

    /// The least scrolling that brings a span into a room; the beginning of one that is too long.
    private static double into(double value, double from, double to, double room) {
        if (from >= 0 && to <= room) {
            return value;
        }
        return from < 0 || to - from > room ? value + from : value + to - room;
    }

    private void show(Panel panel) {
        Node focused = getScene() == null ? null : getScene().getFocusOwner();
        if (cover.getChildren().isEmpty()) {
            before = focused;
        }
        cover.setVisible(panel != Panel.NONE);
        switch (panel) {
            case NONE -> {
                cover.getChildren().clear();
                if (before != null) {
                    before.requestFocus();
                }
            }
            case PALETTE -> {
                cover.getChildren().setAll(palette);
                finding.open();
                palette.open();
            }
            case HELP -> {
                cover.getChildren().setAll(help);
                help.open(before);
            }
            case SETTINGS -> {
                cover.getChildren().setAll(settings);
                settings.open();
            }
        }
    }

    /// Escape closes; Tab goes round within what is open.
    private void keyOnCover(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE) {
            model.panel().set(Panel.NONE);
            event.consume();
        } else if (event.getCode() == KeyCode.TAB) {
            List<Node> stops = new ArrayList<>();
            collect(cover, stops);
            int now = stops.indexOf(getScene().getFocusOwner());
            stops.get(Math.floorMod(now + (event.isShiftDown() ? -1 : 1), stops.size()))
                    .requestFocus();
            event.consume();
        }
    }

    private static void collect(Parent parent, List<Node> stops) {
        for (Node node : parent.getChildrenUnmodifiable()) {
            if (node.isVisible() && !node.isDisabled()) {
                if (node.isFocusTraversable()) {
                    stops.add(node);
                }
                if (node instanceof Parent below) {
                    collect(below, stops);
                }
            }
        }
    }
}
