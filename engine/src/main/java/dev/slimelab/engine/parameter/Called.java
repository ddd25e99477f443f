package dev.slimelab.engine.parameter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a person calls a kind of a page of choices or a constant of an enum, in sentence case,
/// where that is not its word with a capital and spaces; see [Settings#called].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface Called {
    String value();
}
