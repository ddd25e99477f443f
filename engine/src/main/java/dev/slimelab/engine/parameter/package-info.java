/// What a person may set: the one annotation from which forms, JSON, validation and reference pages
/// are derived. Knows only `problem`.
@NullMarked
package dev.slimelab.engine.parameter;

import org.jspecify.annotations.NullMarked;
