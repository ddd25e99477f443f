package dev.slimelab.app.chart;

import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;

import org.jfree.chart.ChartRenderingInfo;
import org.jfree.svg.SVGGraphics2D;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/// Figures as files, with title, legend and caption. Needs no display: everything is painted by
/// Java2D.
///
/// The file's ending decides the format: `.png` (twice the size in pixels, for sharp print) or
/// `.svg` (text stays text).
public final class ChartExport {
    private static final int PNG_SCALE = 2;
    private static final int EDGE = 16;

    /// The size of a figure, in points.
    public record Size(int width, int height) {
        /// Fits a page's text width and a README.
        public static final Size DEFAULT = new Size(880, 520);
    }

    private final Theme theme;
    private final Size size;
    private final EnumSet<ChartOption> options;

    /// As a paper shows it: lines over their raw trace, linear steps.
    public ChartExport(Theme theme, Size size) {
        this(theme, size, EnumSet.of(ChartOption.RAW, ChartOption.SMOOTHED));
    }

    /// As the window shows it.
    public ChartExport(Theme theme, Size size, EnumSet<ChartOption> options) {
        this.theme = theme;
        this.size = size;
        this.options = EnumSet.copyOf(options);
        System.setProperty("java.awt.headless", System.getProperty("java.awt.headless", "true"));
        Fonts.registerForFigures();
    }

    /// Whether the ending names a format.
    public static boolean canWrite(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".png") || name.endsWith(".svg");
    }

    /// Writes the figure; throws when the ending is neither `.png` nor `.svg`.
    public void write(Figure figure, Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            ImageIO.write(image(figure), "png", file.toFile());
        } else if (name.endsWith(".svg")) {
            Files.writeString(file, svg(figure), StandardCharsets.UTF_8);
        } else {
            throw new IllegalArgumentException(
                    "Figures are written as .png or .svg, not as " + file.getFileName() + ".");
        }
    }

    public BufferedImage image(Figure figure) {
        BufferedImage image =
                new BufferedImage(
                        size.width() * PNG_SCALE,
                        size.height() * PNG_SCALE,
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.scale(PNG_SCALE, PNG_SCALE);
        draw(figure, graphics);
        graphics.dispose();
        return image;
    }

    public String svg(Figure figure) {
        SVGGraphics2D graphics = new SVGGraphics2D(size.width(), size.height());
        graphics.setFontFunction(
                family -> "'" + family + "', Inter, 'Helvetica Neue', Arial, sans-serif");
        draw(figure, graphics);
        return graphics.getSVGDocument();
    }

    private void draw(Figure figure, Graphics2D graphics) {
        graphics.setColor(theme.surface());
        graphics.fill(new Rectangle2D.Double(0, 0, size.width(), size.height()));
        int top = EDGE + 16;
        graphics.setColor(theme.text());
        graphics.setFont(ChartPainter.font(Font.BOLD, 15));
        graphics.drawString(figure.title(), EDGE, top);
        int titleEnd = EDGE + graphics.getFontMetrics().stringWidth(figure.title()) + 12;
        graphics.setColor(theme.mutedText());
        graphics.setFont(ChartPainter.font(Font.PLAIN, 12));
        graphics.drawString(figure.yLabel(), titleEnd, top);
        top = legend(figure, graphics, top + 22);
        int bottom = size.height() - EDGE - (figure.caption().isEmpty() ? 0 : 20);
        Rectangle2D area =
                new Rectangle2D.Double(EDGE - 8, top, size.width() - 2.0 * EDGE + 8, bottom - top);
        ChartPainter.Setting setting =
                new ChartPainter.Setting(
                        theme,
                        options,
                        Viewport.ALL,
                        ChartPainter.Emphasis.NONE,
                        (int) area.getWidth(),
                        (int) area.getHeight());
        new ChartPainter()
                .paint(figure, setting)
                .chart()
                .draw(graphics, area, new ChartRenderingInfo());
        graphics.setColor(theme.mutedText());
        graphics.setFont(ChartPainter.font(Font.PLAIN, 11));
        graphics.drawString(figure.caption(), EDGE, size.height() - EDGE);
        if (figure.isEmpty()) {
            graphics.drawString(figure.emptySentence(), size.width() / 3, size.height() / 2);
        }
    }

    /// Draws the entries in rows and returns where the plot may begin.
    private int legend(Figure figure, Graphics2D graphics, int y) {
        graphics.setFont(ChartPainter.font(Font.PLAIN, 12));
        FontMetrics metrics = graphics.getFontMetrics();
        if (figure.form() instanceof Figure.Form.Heat && !figure.isEmpty()) {
            scale(graphics, metrics, y);
            return y + 10;
        }
        List<Figure.LegendEntry> entries = figure.legend();
        int x = EDGE;
        int row = y;
        for (Figure.LegendEntry entry : entries) {
            int wide = 28 + metrics.stringWidth(entry.label());
            if (x > EDGE && x + wide > size.width() - EDGE) {
                x = EDGE;
                row += 18;
            }
            Color color = entry.hue().on(theme);
            graphics.setColor(color);
            graphics.setStroke(ChartPainter.stroke(entry.dash(), 2.2f));
            graphics.draw(new Line2D.Double(x, row - 4, x + 20, row - 4));
            graphics.setColor(theme.text());
            graphics.drawString(entry.label(), x + 28, row);
            x += wide + 24;
        }
        return entries.isEmpty() ? y - 10 : row + 10;
    }

    /// What the colours of a distribution mean, as [HeatScale] shows it.
    private void scale(Graphics2D graphics, FontMetrics metrics, int y) {
        int x = EDGE + metrics.stringWidth(HeatScale.LOW) + 6;
        for (int i = 0; i < HeatScale.WIDTH; i++) {
            graphics.setColor(Shades.amount(theme, i / (HeatScale.WIDTH - 1.0)));
            graphics.fill(new Rectangle2D.Double(x + i, y - 9, 1.5, HeatScale.HEIGHT));
        }
        graphics.setColor(theme.text());
        graphics.drawString(HeatScale.LOW, EDGE, y);
        graphics.drawString(HeatScale.HIGH, x + HeatScale.WIDTH + 6, y);
    }
}
