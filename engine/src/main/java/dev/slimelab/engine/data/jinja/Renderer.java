package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Expression.Passed;
import dev.slimelab.engine.data.jinja.Statement.Target;

import org.jspecify.annotations.Nullable;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs the statements of a template once. Not to be used again.
final class Renderer {
    private final Values values = new Values(new Budget());
    private final Access access = new Access(values);
    private Scope scope = new Scope(null);
    private StringBuilder out = new StringBuilder();
    private int line = 1;

    /// The text that the statements write.
    ///
    /// @throws Failure with the line, where the template refuses the variables or fails on them
    String render(List<Statement> template, Map<String, ?> variables, LocalDateTime now) {
        try {
            Globals.of(values, now).forEach(scope::set);
            scope = new Scope(scope);
            variables.forEach((name, value) -> scope.set(name, Values.of(value)));
            run(template);
            return out.toString();
        } catch (Failure failure) {
            throw failure.inLine(line);
        } catch (StackOverflowError _) {
            throw Failure.of("values or calls are nested too deeply").inLine(line);
        }
    }

    /// How a sequence of statements ended.
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    private End run(List<Statement> statements) {
        for (Statement statement : statements) {
            line = statement.line();
            values.budget().step();
            End end = run(statement);
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End run(Statement statement) {
        switch (statement) {
            case Statement.Text(_, String text) -> values.budget().grow(out, text);
            case Statement.Output(_, Expression value) ->
                    values.budget().grow(out, values.text(value(value)));
            case Statement.Set(_, Target target, Expression value) -> assign(target, value(value));
            case Statement.If choice -> {
                return run(chosen(choice));
            }
            case Statement.For loop -> run(loop);
            case Statement.With with -> {
                Map<String, Object> given = new LinkedHashMap<>();
                with.values().forEach((name, value) -> given.put(name, value(value)));
                return inside(
                        new Scope(scope),
                        () -> {
                            given.forEach(scope::set);
                            return run(with.body());
                        });
            }
            case Statement.Break _ -> {
                return End.BREAK;
            }
            case Statement.Continue _ -> {
                return End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private List<Statement> chosen(Statement.If choice) {
        for (Statement.Branch branch : choice.branches()) {
            line = branch.line();
            if (values.truth(value(branch.condition()))) {
                return branch.body();
            }
        }
        return choice.otherwise();
    }

    private void run(Statement.For loop) {
        List<Object> items = values.items(value(loop.iterable()));
        Expression condition = loop.condition();
        if (condition != null) {
            items = items.stream().filter(item -> holds(condition, loop.target(), item)).toList();
        }
        if (items.isEmpty()) {
            inside(new Scope(scope), () -> run(loop.otherwise()));
            return;
        }
        var changes = new Loop.Changes(values);
        for (int i = 0; i < items.size(); i++) {
            values.budget().step();
            var turn = new Loop(items, i, changes);
            Object item = items.get(i);
            End end =
                    inside(
                            new Scope(scope),
                            () -> {
                                scope.set("loop", turn);
                                assign(loop.target(), item);
                                return run(loop.body());
                            });
            if (end == End.BREAK) {
                break;
            }
        }
    }

    private boolean holds(Expression condition, Target target, Object item) {
        return inside(
                new Scope(scope),
                () -> {
                    assign(target, item);
                    return values.truth(value(condition));
                });
    }

    @FunctionalInterface
    private interface Work<T> {
        T result();
    }

    private <T> T inside(Scope inner, Work<T> work) {
        Scope before = scope;
        scope = inner;
        T result = work.result();
        scope = before;
        return result;
    }

    private void assign(Target target, Object value) {
        switch (target) {
            case Target.Variable(String name) -> scope.set(name, value);
            case Target.Part(String namespace, String name) -> {
                if (!(scope.get(namespace) instanceof Namespace variables)) {
                    throw Failure.of(namespace + " is no namespace, so it cannot be changed");
                }
                variables.set(name, value);
            }
            case Target.Several(List<Target> targets) -> {
                List<Object> items = values.items(value);
                if (items.size() != targets.size()) {
                    throw Failure.of(
                            "%d values cannot be assigned to %d names"
                                    .formatted(items.size(), targets.size()));
                }
                for (int i = 0; i < items.size(); i++) {
                    assign(targets.get(i), items.get(i));
                }
            }
        }
    }

    private Object value(Expression expression) {
        values.budget().step();
        return switch (expression) {
            case Expression.Literal(Object value) -> value;
            case Expression.Variable(String name) -> scope.get(name);
            case Expression.ListOf(List<Expression> items) -> all(items);
            case Expression.MapOf(List<Expression.Entry> entries) -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (Expression.Entry entry : entries) {
                    map.put(Values.key(value(entry.key())), value(entry.value()));
                }
                yield map;
            }
            case Expression.Attribute(Expression target, String name) ->
                    access.attribute(value(target), name);
            case Expression.Item(Expression target, Expression key) ->
                    access.item(value(target), value(key));
            case Expression.Slice slice ->
                    access.slice(
                            value(slice.target()),
                            ifThere(slice.from()),
                            ifThere(slice.to()),
                            ifThere(slice.step()));
            case Expression.Not(Expression operand) -> !values.truth(value(operand));
            case Expression.And(Expression left, Expression right) -> {
                Object first = value(left);
                yield values.truth(first) ? value(right) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object first = value(left);
                yield values.truth(first) ? first : value(right);
            }
            case Expression.Sign(Expression.Operator operator, Expression operand) ->
                    values.sign(operator, value(operand));
            case Expression.Arithmetic(
                            Expression.Operator operator,
                            Expression left,
                            Expression right) ->
                    values.arithmetic(operator, value(left), value(right));
            case Expression.Concatenation(List<Expression> parts) -> {
                var text = new StringBuilder();
                parts.forEach(part -> values.budget().grow(text, values.text(value(part))));
                yield text.toString();
            }
            case Expression.Comparison comparison -> holds(comparison);
            case Expression.Conditional conditional -> {
                if (values.truth(value(conditional.condition()))) {
                    yield value(conditional.value());
                }
                Expression otherwise = conditional.otherwise();
                yield otherwise == null
                        ? new Undefined("the condition is false, and there is no else")
                        : value(otherwise);
            }
            case Expression.Call(Expression callee, Passed passed) -> call(value(callee), passed);
            case Expression.Filtered(Expression subject, Builtin filter, Passed passed) ->
                    filter.apply(values, value(subject), arguments(passed));
            case Expression.Tested(Expression subject, Builtin test, Passed passed) ->
                    test.apply(values, value(subject), arguments(passed));
            case Expression.Rendered(List<Statement> body) -> rendered(new Scope(scope), body);
            case Expression.Macro macro -> function(macro, scope);
        };
    }

    private @Nullable Object ifThere(@Nullable Expression expression) {
        return expression == null ? null : value(expression);
    }

    private List<Object> all(List<Expression> expressions) {
        List<Object> all = new ArrayList<>();
        expressions.forEach(expression -> all.add(value(expression)));
        return all;
    }

    private boolean holds(Expression.Comparison comparison) {
        Object left = value(comparison.first());
        for (Expression.Link link : comparison.links()) {
            Object right = value(link.operand());
            if (!values.relates(link.relation(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Arguments arguments(Passed passed) {
        Map<String, Object> named = new LinkedHashMap<>();
        List<Object> positional = all(passed.positional());
        passed.named().forEach((name, value) -> named.put(name, value(value)));
        return new Arguments(positional, named);
    }

    private Object call(Object callee, Passed passed) {
        return switch (callee) {
            case Function function -> {
                int callLine = line;
                Object result = function.call(arguments(passed));
                line = callLine;
                yield result;
            }
            case Undefined undefined -> throw undefined.used();
            default -> throw Failure.of(Values.kind(callee) + " cannot be called");
        };
    }

    private String rendered(Scope inner, List<Statement> body) {
        StringBuilder before = out;
        var text = new StringBuilder();
        out = text;
        inside(inner, () -> run(body));
        out = before;
        return text.toString();
    }

    /// A macro sees the variables of the place where it stands, and what a call block hands it as
    /// `caller`.
    private Function function(Expression.Macro macro, Scope home) {
        List<String> names = new ArrayList<>();
        macro.parameters().forEach(parameter -> names.add(parameter.name()));
        names.add("caller");
        return arguments -> {
            if (arguments.positional().size() > macro.parameters().size()) {
                throw Failure.of(
                        "%s takes at most %d arguments, not %d"
                                .formatted(
                                        macro.name(),
                                        macro.parameters().size(),
                                        arguments.positional().size()));
            }
            Map<String, Object> bound = arguments.bind(macro.name(), names);
            var inner = new Scope(home);
            bound.forEach(inner::set);
            for (Expression.Parameter parameter : macro.parameters()) {
                if (!bound.containsKey(parameter.name())) {
                    Expression initial = parameter.initial();
                    inner.set(
                            parameter.name(),
                            initial == null
                                    ? new Undefined(parameter.name() + " is not given")
                                    : inside(inner, () -> value(initial)));
                }
            }
            return rendered(inner, macro.body());
        };
    }
}
