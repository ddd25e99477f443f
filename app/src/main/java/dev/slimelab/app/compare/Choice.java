package dev.slimelab.app.compare;

/// What a reader wants to see of several runs.
///
/// @param metric what is drawn, along the values' axis
/// @param along a key of [Along], or a metric or setting
/// @param window over how many measurements curves are averaged; 1 for none
/// @param group a key of [Groups]
public record Choice(Form form, String metric, String along, int window, String group) {
    /// The kinds of picture.
    public enum Form {
        /// A metric as it went.
        CURVES("Curves"),
        /// What it came to, against a setting or another metric.
        SCATTER("Scatter"),
        /// The settings in which runs differ and what the metric came to, a line for each run.
        PARALLEL("Parallel");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// What a comparison starts with: comparable across objectives, on the same held-out pairs.
    public static final Choice FIRST =
            new Choice(Form.CURVES, "logps_delta/chosen", Along.STEP.key(), 1, Groups.EACH);

    public Choice with(Form other) {
        return new Choice(other, metric, along, window, group);
    }

    public Choice withMetric(String other) {
        return new Choice(form, other, along, window, group);
    }

    public Choice withAlong(String other) {
        return new Choice(form, metric, other, window, group);
    }

    public Choice withWindow(int other) {
        return new Choice(form, metric, along, other, group);
    }

    public Choice withGroup(String other) {
        return new Choice(form, metric, along, window, other);
    }
}
