package dev.slimelab.app.live;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartView.LegendUse;
import dev.slimelab.app.chart.LineChartView.Size;
import dev.slimelab.app.live.LiveViewModel.Tile;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.TilePane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The large chart above rows of small ones.
///
/// Small charts that are scrolled out of sight are not painted.
final class ChartsView extends VBox {
    private static final double GAP = 12;
    private static final double NARROWEST = 250;
    private static final double TILE_HEIGHT = 176;

    private final LiveViewModel model;
    private final ObservableValue<Theme> theme;
    private final LineChartView home;
    private final TilePane grid = new TilePane(GAP, GAP);
    private final ScrollPane scroll = new ScrollPane(grid);
    private final Map<ChartSpec, LineChartView> made = new HashMap<>();

    ChartsView(LiveViewModel model, ObservableValue<Theme> theme) {
        super(GAP);
        this.model = model;
        this.theme = theme;
        home = new LineChartView(model.home(), LegendUse.ALWAYS, theme);
        home.setId("home");
        home.setMinHeight(180);
        VBox.setVgrow(home, Priority.ALWAYS);
        Button back = Icons.iconButton(Feather.MINIMIZE_2, "Show the usual chart large again", "");
        back.setId("usualChart");
        back.setOnAction(_ -> model.enlarge(null));
        back.visibleProperty().bind(model.enlarged().map(Objects::nonNull));
        back.managedProperty().bind(back.visibleProperty());
        home.addTool(back);
        grid.setId("tiles");
        scroll.setAccessibleText("Small charts");
        grid.setTileAlignment(Pos.TOP_LEFT);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("tiles");
        scroll.setMinHeight(TILE_HEIGHT + 2);
        scroll.prefHeightProperty().bind(heightProperty().multiply(0.45));
        scroll.viewportBoundsProperty().subscribe(this::fit);
        scroll.vvalueProperty().subscribe(_ -> paintWhatIsSeen());
        grid.layoutBoundsProperty().subscribe(_ -> paintWhatIsSeen());
        getChildren().addAll(home, scroll);
        visibleProperty().subscribe(_ -> paintWhatIsSeen());
        model.tiles().subscribe(this::show);
    }

    private void show(List<Tile> tiles) {
        grid.getChildren().setAll(tiles.stream().map(this::view).toList());
        paintWhatIsSeen();
    }

    private LineChartView view(Tile tile) {
        return made.computeIfAbsent(
                tile.spec(),
                spec -> {
                    LineChartView view =
                            new LineChartView(
                                    tile.chart(), LegendUse.SINGLE_RUN, Size.SMALL, theme);
                    Button enlarge =
                            Icons.iconButton(Feather.MAXIMIZE_2, "Enlarge " + spec.title(), "");
                    enlarge.setOnAction(_ -> model.enlarge(spec));
                    view.addTool(enlarge);
                    view.setId("tile-" + spec.name().toLowerCase(Locale.ROOT));
                    return view;
                });
    }

    /// As many columns as have room, of equal width.
    private void fit(Bounds place) {
        double width = place.getWidth();
        if (width <= 0) {
            return;
        }
        int columns = (int) Math.clamp((width + GAP) / (NARROWEST + GAP), 1, 6);
        grid.setPrefColumns(columns);
        grid.setPrefTileWidth(Math.floor((width - (columns - 1) * GAP) / columns));
        grid.setPrefTileHeight(TILE_HEIGHT);
        paintWhatIsSeen();
    }

    private void paintWhatIsSeen() {
        double height = scroll.getViewportBounds().getHeight();
        double beyond = Math.max(0, grid.getHeight() - height);
        double top = scroll.getVvalue() * beyond;
        home.setOnScreen(isVisible());
        for (LineChartView view : made.values()) {
            Bounds at = view.getBoundsInParent();
            view.setOnScreen(
                    isVisible()
                            && view.getParent() != null
                            && at.getMaxY() >= top
                            && at.getMinY() <= top + height);
        }
    }
}
