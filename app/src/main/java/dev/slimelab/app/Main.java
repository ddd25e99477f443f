package dev.slimelab.app;

import javafx.application.Application;

/// Opens the window. Not itself a JavaFX application, so that it starts from a plain classpath.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Application.launch(Workbench.class, arguments);
    }
}
