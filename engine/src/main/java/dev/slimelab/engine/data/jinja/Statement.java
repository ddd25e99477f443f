package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What a template does, one after the other. Macros, set blocks, filter blocks and call blocks are
/// [Set] and [Output] of expressions.
sealed interface Statement {

    /// Where it begins, from 1.
    int line();

    /// Text as it stands.
    record Text(int line, String text) implements Statement {}

    /// `{{ value }}`
    record Output(int line, Expression value) implements Statement {}

    /// `{% if %} … {% elif %} … {% else %} … {% endif %}`
    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /// One condition of an `if`.
    ///
    /// @param line of its own tag
    record Branch(int line, Expression condition, List<Statement> body) {}

    /// `{% for target in iterable if condition %} … {% else %} … {% endfor %}`
    record For(
            int line,
            Target target,
            Expression iterable,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /// `{% set target = value %}`
    record Set(int line, Target target, Expression value) implements Statement {}

    /// `{% with name = value %} … {% endwith %}`, and `{% generation %}`: what the body sets ends
    /// with it.
    record With(int line, Map<String, Expression> values, List<Statement> body)
            implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /// What can be assigned to.
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Part(String namespace, String name) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
