package dev.slimelab.engine.parameter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Everything that a form, a JSON reader, a validator and a reference page need to know of one
/// setting.
///
/// Stands on a record component. Legal values are bounded by [#above], [#min], [#below] and [#max]
/// and enforced by [Settings#require]; [#low] and [#high] only say where a slider ends.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Parameter {
    /// How a slider spreads its values.
    enum Scale {
        LINEAR,
        LOGARITHMIC
    }

    /// What on the disk a text names.
    enum Place {
        NONE,
        FOLDER,
        FILE,
        FILE_OR_FOLDER
    }

    /// The name a person reads, in sentence case.
    String label();

    /// The letter of the paper, as plain text: `λ_w`.
    String symbol() default "";

    /// Unit of the value, for example `nat per token`; empty for pure numbers.
    String unit() default "";

    /// What it does, in one sentence.
    String help();

    /// Where the default and the meaning come from.
    String source() default "";

    /// The default, written as in a spec; a component without one must be given, or may be null.
    String initial() default "";

    /// Legal values are greater than this.
    double above() default Double.NEGATIVE_INFINITY;

    /// Legal values are at least this.
    double min() default Double.NEGATIVE_INFINITY;

    /// Legal values are less than this.
    double below() default Double.POSITIVE_INFINITY;

    /// Legal values are at most this.
    double max() default Double.POSITIVE_INFINITY;

    /// Lower end of a slider; NaN where a slider makes no sense.
    double low() default Double.NaN;

    /// Upper end of a slider; NaN where a slider makes no sense.
    double high() default Double.NaN;

    Scale scale() default Scale.LINEAR;

    Place place() default Place.NONE;
}
