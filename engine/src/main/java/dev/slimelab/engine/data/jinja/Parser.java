package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Expression.Operator;
import dev.slimelab.engine.data.jinja.Expression.Passed;
import dev.slimelab.engine.data.jinja.Expression.Relation;
import dev.slimelab.engine.data.jinja.Statement.Target;
import dev.slimelab.engine.data.jinja.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Makes statements of tokens, by the grammar and the precedences of jinja2 3.1.
final class Parser {
    private static final String TAGS =
            "if, for, set, macro, call, filter, with, raw, generation, break, continue";

    private final List<Token> tokens;
    private int position;
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /// The statements of a template.
    ///
    /// @throws Failure with the line, where the source is not a template
    static List<Statement> parse(String source) {
        return new Parser(Lexer.tokens(source)).body();
    }

    private Token current() {
        return tokens.get(position);
    }

    private Token next() {
        Token token = current();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    private boolean at(String operator) {
        return current().is(Kind.OPERATOR, operator);
    }

    private boolean atName(String name) {
        return current().is(Kind.NAME, name);
    }

    private boolean skip(String operator) {
        return skip(Kind.OPERATOR, operator);
    }

    private boolean skipName(String name) {
        return skip(Kind.NAME, name);
    }

    private boolean skip(Kind kind, String text) {
        boolean there = current().is(kind, text);
        if (there) {
            next();
        }
        return there;
    }

    private void expect(String operator) {
        if (!skip(operator)) {
            throw unexpected("\"" + operator + "\"");
        }
    }

    private void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("\"" + name + "\"");
        }
    }

    private String name() {
        if (current().kind() != Kind.NAME) {
            throw unexpected("a name");
        }
        return next().text();
    }

    private void expect(Kind kind) {
        if (current().kind() != kind) {
            throw unexpected(kind == Kind.CLOSE_TAG ? "\"%}\"" : "\"}}\"");
        }
        next();
    }

    private Failure unexpected(String wanted) {
        return Failure.at(
                current().line(), current().described() + " where " + wanted + " is expected");
    }

    /// Statements up to a tag of one of the names, whose name is the current token afterwards; up
    /// to the end of the template where no names are given.
    private List<Statement> body(String... ends) {
        List<Statement> body = new ArrayList<>();
        int opened = current().line();
        while (true) {
            Token token = next();
            switch (token.kind()) {
                case TEXT -> body.add(new Statement.Text(token.line(), token.text()));
                case OPEN_OUTPUT -> {
                    body.add(new Statement.Output(token.line(), tuple()));
                    expect(Kind.CLOSE_OUTPUT);
                }
                case OPEN_TAG -> {
                    if (current().kind() == Kind.NAME
                            && Arrays.asList(ends).contains(current().text())) {
                        return body;
                    }
                    body.add(tag(token.line()));
                    expect(Kind.CLOSE_TAG);
                }
                case END -> {
                    if (ends.length > 0) {
                        throw Failure.at(
                                opened,
                                "the tag has no %s before the end of the template"
                                        .formatted(ends[ends.length - 1]));
                    }
                    return body;
                }
                case CLOSE_OUTPUT, CLOSE_TAG, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                        throw new IllegalStateException("outside of delimiters: " + token);
            }
        }
    }

    /// The body of a tag whose opening ends here.
    private List<Statement> bodyUntil(String... ends) {
        expect(Kind.CLOSE_TAG);
        return body(ends);
    }

    private Statement tag(int line) {
        String name = name();
        return switch (name) {
            case "if" -> ifTag(line);
            case "for" -> forTag(line);
            case "set" -> setTag(line);
            case "macro" -> macroTag(line);
            case "call" -> callTag(line);
            case "filter" -> filterTag(line);
            case "with" -> withTag(line);
            case "generation" -> {
                List<Statement> body = bodyUntil("endgeneration");
                next();
                yield new Statement.With(line, Map.of(), body);
            }
            case "break" -> inLoop(new Statement.Break(line));
            case "continue" -> inLoop(new Statement.Continue(line));
            default ->
                    throw Failure.at(
                            line, "the tag %s is not known; known are %s".formatted(name, TAGS));
        };
    }

    private Statement inLoop(Statement jump) {
        if (loops == 0) {
            throw Failure.at(jump.line(), "break and continue belong into a for loop");
        }
        return jump;
    }

    private Statement ifTag(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        int branchLine = line;
        do {
            Expression condition = tupleWithoutCondition();
            branches.add(
                    new Statement.Branch(
                            branchLine, condition, bodyUntil("elif", "else", "endif")));
            branchLine = current().line();
        } while (skipName("elif"));
        List<Statement> otherwise = skipName("else") ? bodyUntil("endif") : List.of();
        expectName("endif");
        return new Statement.If(line, branches, otherwise);
    }

    private Statement forTag(int line) {
        Target target = target();
        expectName("in");
        Expression iterable = tupleWithoutCondition();
        Expression condition = skipName("if") ? expression() : null;
        if (atName("recursive")) {
            throw Failure.at(line, "recursive loops are not supported");
        }
        loops++;
        List<Statement> body = bodyUntil("else", "endfor");
        loops--;
        List<Statement> otherwise = skipName("else") ? bodyUntil("endfor") : List.of();
        expectName("endfor");
        return new Statement.For(line, target, iterable, condition, body, otherwise);
    }

    private Target target() {
        if (skip("(")) {
            Target inner = target();
            expect(")");
            return inner;
        }
        Target first = simpleTarget();
        if (!at(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (skip(",") && !at(")") && !atName("in")) {
            targets.add(simpleTarget());
        }
        return new Target.Several(targets);
    }

    private Target simpleTarget() {
        if (at("(")) {
            return target();
        }
        String name = name();
        return skip(".") ? new Target.Part(name, name()) : new Target.Variable(name);
    }

    private Statement setTag(int line) {
        Target target = target();
        if (skip("=")) {
            return new Statement.Set(line, target, tuple());
        }
        UnaryOperator<Expression> filters = at("|") ? filters() : UnaryOperator.identity();
        List<Statement> body = bodyUntil("endset");
        next();
        return new Statement.Set(line, target, filters.apply(new Expression.Rendered(body)));
    }

    private Statement filterTag(int line) {
        UnaryOperator<Expression> filters = filters();
        List<Statement> body = bodyUntil("endfilter");
        next();
        return new Statement.Output(line, filters.apply(new Expression.Rendered(body)));
    }

    /// A chain of filters; the `|` before the first may be missing.
    private UnaryOperator<Expression> filters() {
        skip("|");
        List<UnaryOperator<Expression>> chain = new ArrayList<>();
        do {
            chain.add(filter());
        } while (skip("|"));
        return subject -> {
            Expression filtered = subject;
            for (UnaryOperator<Expression> each : chain) {
                filtered = each.apply(filtered);
            }
            return filtered;
        };
    }

    private UnaryOperator<Expression> filter() {
        Builtin filter = known("filter", Filters.ALL);
        Passed passed = at("(") ? passed() : Passed.NOTHING;
        return subject -> new Expression.Filtered(subject, filter, passed);
    }

    private Builtin known(String kind, Map<String, Builtin> all) {
        int line = current().line();
        String name = name();
        Builtin builtin = all.get(name);
        if (builtin == null) {
            throw Failure.at(line, "the %s %s is not known".formatted(kind, name));
        }
        return builtin;
    }

    private Statement macroTag(int line) {
        String name = name();
        return new Statement.Set(
                line, new Target.Variable(name), macro(name, parameters(), "endmacro"));
    }

    private Expression macro(String name, List<Expression.Parameter> parameters, String end) {
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = bodyUntil(end);
        loops = outerLoops;
        next();
        return new Expression.Macro(name, parameters, body);
    }

    private List<Expression.Parameter> parameters() {
        List<Expression.Parameter> parameters = new ArrayList<>();
        expect("(");
        while (!skip(")")) {
            if (!parameters.isEmpty()) {
                expect(",");
            }
            parameters.add(new Expression.Parameter(name(), skip("=") ? expression() : null));
        }
        return parameters;
    }

    /// `{% call(x) f(y) %}…{% endcall %}` is `{{ f(y, caller=macro (x) …) }}`.
    private Statement callTag(int line) {
        List<Expression.Parameter> parameters = at("(") ? parameters() : List.of();
        if (!(unary() instanceof Expression.Call call)) {
            throw Failure.at(line, "the tag call needs a call");
        }
        Map<String, Expression> named = new LinkedHashMap<>(call.passed().named());
        named.put("caller", macro("caller", parameters, "endcall"));
        return new Statement.Output(
                line,
                new Expression.Call(call.callee(), new Passed(call.passed().positional(), named)));
    }

    private Statement withTag(int line) {
        Map<String, Expression> values = new LinkedHashMap<>();
        while (current().kind() == Kind.NAME) {
            String name = name();
            expect("=");
            values.put(name, expression());
            skip(",");
        }
        List<Statement> body = bodyUntil("endwith");
        next();
        return new Statement.With(line, values, body);
    }

    private Expression tuple() {
        return tuple(expression());
    }

    /// For places where an `if` belongs to the tag.
    private Expression tupleWithoutCondition() {
        return tuple(or());
    }

    private Expression tuple(Expression first) {
        if (!at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (skip(",") && startsExpression()) {
            items.add(expression());
        }
        return new Expression.ListOf(items);
    }

    private boolean startsExpression() {
        return switch (current().kind()) {
            case CLOSE_OUTPUT, CLOSE_TAG, END -> false;
            case OPERATOR -> !at(")");
            case TEXT, OPEN_OUTPUT, OPEN_TAG, NAME, STRING, INTEGER, FLOAT -> true;
        };
    }

    private Expression expression() {
        Expression value = or();
        while (skipName("if")) {
            Expression condition = or();
            value =
                    new Expression.Conditional(
                            value, condition, skipName("else") ? expression() : null);
        }
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return skipName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Link> links = new ArrayList<>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            links.add(new Expression.Link(relation, sum()));
        }
        return links.isEmpty() ? first : new Expression.Comparison(first, links);
    }

    private @Nullable Relation relation() {
        if (atName("not") && tokens.get(position + 1).is(Kind.NAME, "in")) {
            next();
            next();
            return Relation.NOT_IN;
        }
        for (Relation relation : Relation.values()) {
            if (skip(relation == Relation.IN ? Kind.NAME : Kind.OPERATOR, relation.sign())) {
                return relation;
            }
        }
        return null;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (at("+") || at("-")) {
            left = new Expression.Arithmetic(operator(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!at("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (skip("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (at("*") || at("/") || at("//") || at("%")) {
            left = new Expression.Arithmetic(operator(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary();
        while (at("**")) {
            left = new Expression.Arithmetic(operator(), left, unary());
        }
        return left;
    }

    private Operator operator() {
        String sign = next().text();
        return Arrays.stream(Operator.values())
                .filter(operator -> operator.sign().equals(sign))
                .findFirst()
                .orElseThrow();
    }

    /// With its filters and tests, which bind to the signed value: `-1|abs` is 1.
    private Expression unary() {
        Expression value = signed();
        while (true) {
            if (skip("|")) {
                value = filter().apply(value);
            } else if (skipName("is")) {
                value = test(value);
            } else if (at("(")) {
                value = new Expression.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    private Expression signed() {
        return at("-") || at("+") ? new Expression.Sign(operator(), signed()) : postfix(primary());
    }

    private Expression test(Expression subject) {
        boolean negated = skipName("not");
        Builtin test = known("test", Tests.ALL);
        Passed passed =
                at("(")
                        ? passed()
                        : startsTestArgument()
                                ? new Passed(List.of(postfix(primary())), Map.of())
                                : Passed.NOTHING;
        Expression tested = new Expression.Tested(subject, test, passed);
        return negated ? new Expression.Not(tested) : tested;
    }

    /// `x is divisibleby 3` needs no brackets.
    private boolean startsTestArgument() {
        return switch (current().kind()) {
            case NAME ->
                    !List.of("else", "or", "and", "if", "is", "not", "in")
                            .contains(current().text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> at("[") || at("{");
            case TEXT, OPEN_OUTPUT, CLOSE_OUTPUT, OPEN_TAG, CLOSE_TAG, END -> false;
        };
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (skip(".")) {
                value =
                        current().kind() == Kind.INTEGER
                                ? new Expression.Item(value, primary())
                                : new Expression.Attribute(value, name());
            } else if (skip("[")) {
                value = subscript(value);
                expect("]");
            } else if (at("(")) {
                value = new Expression.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target) {
        Expression from = at(":") ? null : expression();
        if (!skip(":")) {
            return new Expression.Item(target, Objects.requireNonNull(from));
        }
        Expression to = at(":") || at("]") ? null : expression();
        Expression step = skip(":") && !at("]") ? expression() : null;
        return new Expression.Slice(target, from, to, step);
    }

    private Passed passed() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        expect("(");
        while (!skip(")")) {
            if (at("*") || at("**")) {
                throw Failure.at(current().line(), "arguments with * are not supported");
            }
            if (current().kind() == Kind.NAME && tokens.get(position + 1).is(Kind.OPERATOR, "=")) {
                String name = name();
                expect("=");
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw unexpected("a named argument");
            }
            if (!at(")")) {
                expect(",");
            }
        }
        return new Passed(positional, named);
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case NAME ->
                    switch (token.text()) {
                        case "true", "True" -> new Expression.Literal(true);
                        case "false", "False" -> new Expression.Literal(false);
                        case "none", "None" -> new Expression.Literal(None.NONE);
                        default -> new Expression.Variable(token.text());
                    };
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (current().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case OPERATOR ->
                    switch (token.text()) {
                        case "(" -> parenthesised();
                        case "[" -> new Expression.ListOf(items());
                        case "{" -> new Expression.MapOf(entries());
                        default -> throw notAnExpression(token);
                    };
            case TEXT, OPEN_OUTPUT, CLOSE_OUTPUT, OPEN_TAG, CLOSE_TAG, END ->
                    throw notAnExpression(token);
        };
    }

    private static Failure notAnExpression(Token token) {
        return Failure.at(token.line(), token.described() + " where an expression is expected");
    }

    private static Long integer(Token token) {
        try {
            return Long.valueOf(token.text());
        } catch (NumberFormatException _) {
            throw Failure.at(token.line(), "the integer " + token.text() + " is too large");
        }
    }

    private Expression parenthesised() {
        Expression value = at(")") ? new Expression.ListOf(List.of()) : tuple();
        expect(")");
        return value;
    }

    private List<Expression> items() {
        List<Expression> items = new ArrayList<>();
        while (!skip("]")) {
            items.add(expression());
            if (!at("]")) {
                expect(",");
            }
        }
        return items;
    }

    private List<Expression.Entry> entries() {
        List<Expression.Entry> entries = new ArrayList<>();
        while (!skip("}")) {
            Expression key = expression();
            expect(":");
            entries.add(new Expression.Entry(key, expression()));
            if (!at("}")) {
                expect(",");
            }
        }
        return entries;
    }
}
