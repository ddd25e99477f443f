package dev.slimelab.app.chart;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;

import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.problem.Problem;

import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.jfree.chart.ChartRenderingInfo;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/// Figures as files, in any [FigureFormat]. Needs no display: everything is painted by Java2D, with
/// title, legend and caption. A picture has twice the size in pixels, for sharp print; in SVG text
/// stays text; PDF has the letters' outlines.
public final class ChartExport {
    private static final int PNG_SCALE = 2;
    private static final int EDGE = 16;
    private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

    /// The size of a figure, in points.
    public record Size(int width, int height) {
        /// Fits a page's text width and a README.
        public static final Size DEFAULT = new Size(880, 520);
    }

    private final Theme theme;
    private final Size size;
    private final FigureView view;

    /// As a paper shows it.
    public ChartExport(Theme theme, Size size) {
        this(theme, size, FigureView.PLAIN);
    }

    /// As the window shows it.
    public ChartExport(Theme theme, Size size, FigureView view) {
        this.theme = theme;
        this.size = size;
        this.view = view;
        System.setProperty("java.awt.headless", System.getProperty("java.awt.headless", "true"));
        Fonts.registerForFigures();
    }

    /// Writes the figure in the format of the file's ending.
    ///
    /// @throws Problem bad request: where the ending names no format
    public void write(Figure figure, Path file) throws IOException {
        FigureFormat format =
                FigureFormat.of(file)
                        .orElseThrow(
                                () ->
                                        Problem.badRequest(
                                                file.getFileName()
                                                        + " has no ending that figures are written"
                                                        + " in.",
                                                "End the name with "
                                                        + FigureFormat.endings()
                                                        + "."));
        switch (format) {
            case PNG -> ImageIO.write(image(figure), "png", file.toFile());
            case SVG -> Files.writeString(file, svg(figure), StandardCharsets.UTF_8);
            case PDF -> writePdf(figure, file);
            case CSV -> Files.writeString(file, numbers(figure).csv(), StandardCharsets.UTF_8);
            case PGFPLOTS ->
                    Files.writeString(file, numbers(figure).pgfplots(), StandardCharsets.UTF_8);
            case TENSORBOARD ->
                    EventFile.write(
                            painting(figure, size.width(), size.height()),
                            file,
                            Instant.now().getEpochSecond());
        }
    }

    private FigureNumbers numbers(Figure figure) {
        return new FigureNumbers(painting(figure, size.width(), size.height()));
    }

    private ChartPainter.Painting painting(Figure figure, int width, int height) {
        ChartPainter.Emphasis emphasis = new ChartPainter.Emphasis(view.isolated(), null);
        return new ChartPainter()
                .paint(
                        figure,
                        new ChartPainter.Setting(
                                theme, view.options(), view.viewport(), emphasis, width, height));
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
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
        context.setComment("SlimeLab");
        context.setPrecision(2);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        graphics.setSVGCanvasSize(new Dimension(size.width(), size.height()));
        draw(figure, graphics);
        StringWriter text = new StringWriter();
        Element root = graphics.getRoot();
        root.setAttributeNS(null, "viewBox", "0 0 " + size.width() + " " + size.height());
        try {
            graphics.stream(root, text, true, false);
        } catch (SVGGraphics2DIOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString()
                .replace("'" + Fonts.TEXT + "'", "'" + Fonts.TEXT + "', Inter, Arial, sans-serif");
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG_NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK has no XML parser.", e);
        }
    }

    private void writePdf(Figure figure, Path file) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(size.width(), size.height()));
            document.addPage(page);
            PdfBoxGraphics2D graphics = new PdfBoxGraphics2D(document, size.width(), size.height());
            draw(figure, graphics);
            graphics.dispose();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(graphics.getXFormObject());
            }
            document.save(file.toFile());
        }
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
        int bottom = size.height() - EDGE - (figure.caption(view.options()).isEmpty() ? 0 : 20);
        Rectangle2D area =
                new Rectangle2D.Double(EDGE - 8, top, size.width() - 2.0 * EDGE + 8, bottom - top);
        ChartPainter.chart(painting(figure, (int) area.getWidth(), (int) area.getHeight()))
                .draw(graphics, area, new ChartRenderingInfo());
        graphics.setColor(theme.mutedText());
        graphics.setFont(ChartPainter.font(Font.PLAIN, 11));
        graphics.drawString(figure.caption(view.options()), EDGE, size.height() - EDGE);
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
        List<Figure.LegendEntry> entries =
                figure.legend().stream()
                        .filter(
                                entry ->
                                        view.isolated() == null
                                                || entry.label().equals(view.isolated()))
                        .toList();
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
