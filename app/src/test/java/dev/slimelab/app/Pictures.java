package dev.slimelab.app;

import dev.slimelab.app.look.Theme;

import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import javax.imageio.ImageIO;

/// Screenshots as files: all of them in the folder of `-Dscreenshots=DIR`, and with
/// `-Ddocument=true` those that the documentation shows in its folder of images as well.
public final class Pictures {
    private static final Path DOCUMENTED = Path.of("..", "docs", "images");

    private Pictures() {}

    /// Writes `NAME-light.png` or `NAME-dark.png`.
    public static void keep(String name, Theme theme, WritableImage image) throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("screenshots", ".")));
        write(image, folder.resolve(file(name, theme)));
    }

    /// Writes it for the documentation, where that is asked for.
    public static void document(String name, Theme theme, WritableImage image) throws IOException {
        if (Boolean.getBoolean("document")) {
            write(image, DOCUMENTED.resolve(file(name, theme)));
        }
    }

    private static String file(String name, Theme theme) {
        return name + "-" + theme.name().toLowerCase(Locale.ROOT) + ".png";
    }

    private static void write(WritableImage image, Path file) throws IOException {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] pixels = new int[width * height];
        image.getPixelReader()
                .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        ImageIO.write(picture, "png", file.toFile());
    }
}
