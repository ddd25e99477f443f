package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What has a value.
sealed interface Expression {

    record Literal(Object value) implements Expression {}

    record Variable(String name) implements Expression {}

    /// `[a, b]`, and the tuple `(a, b)`, which is a list too.
    record ListOf(List<Expression> items) implements Expression {}

    record MapOf(List<Entry> entries) implements Expression {}

    record Entry(Expression key, Expression value) {}

    /// `target.name`
    record Attribute(Expression target, String name) implements Expression {}

    /// `target[key]`
    record Item(Expression target, Expression key) implements Expression {}

    /// `target[from:to:step]`
    record Slice(
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step)
            implements Expression {}

    record Not(Expression operand) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Sign(Operator operator, Expression operand) implements Expression {}

    record Arithmetic(Operator operator, Expression left, Expression right) implements Expression {}

    /// Written as in a template.
    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        REMAINDER("%"),
        POWER("**");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /// `a ~ b`: both as text.
    record Concatenation(List<Expression> parts) implements Expression {}

    /// `a < b <= c`
    record Comparison(Expression first, List<Link> links) implements Expression {}

    record Link(Relation relation, Expression operand) {}

    /// Written as in a template; `not in` is two words there.
    enum Relation {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        IN("in"),
        NOT_IN("not in");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /// `value if condition else otherwise`
    record Conditional(Expression value, Expression condition, @Nullable Expression otherwise)
            implements Expression {}

    record Call(Expression callee, Passed passed) implements Expression {}

    /// `subject | filter(…)`
    record Filtered(Expression subject, Builtin filter, Passed passed) implements Expression {}

    /// `subject is test(…)`
    record Tested(Expression subject, Builtin test, Passed passed) implements Expression {}

    /// The arguments of a call, as written.
    record Passed(List<Expression> positional, Map<String, Expression> named) {
        static final Passed NOTHING = new Passed(List.of(), Map.of());
    }

    /// The text that the statements write.
    record Rendered(List<Statement> body) implements Expression {}

    /// A function that renders its body.
    record Macro(String name, List<Parameter> parameters, List<Statement> body)
            implements Expression {}

    record Parameter(String name, @Nullable Expression initial) {}
}
