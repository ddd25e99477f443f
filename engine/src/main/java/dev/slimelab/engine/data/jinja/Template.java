package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.problem.Problem;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/// A Jinja template that can be rendered, as transformers 5 sets jinja2 3.1 up for chat templates:
/// `trim_blocks` and `lstrip_blocks` on, HTML escaping off, loop controls, `{% generation %}`,
/// `raise_exception`, `strftime_now` and its own `tojson`.
public final class Template {
    private final String name;
    private final List<Statement> statements;

    private Template(String name, List<Statement> statements) {
        this.name = name;
        this.statements = statements;
    }

    /// Reads a source once, to be rendered often.
    ///
    /// @param name for messages, such as `qwen/chat_template.jinja`
    /// @throws Problem bad request: with the line, if the source is not a template or uses what is
    ///   not supported
    public static Template parse(String name, String source) {
        try {
            return new Template(name, Parser.parse(source));
        } catch (Failure failure) {
            throw problem(name, failure);
        } catch (StackOverflowError _) {
            throw problem(name, Failure.at(1, "it is nested too deeply"));
        }
    }

    /// The text that the template makes of the variables.
    ///
    /// @param variables strings, booleans, numbers, nulls, and lists and maps of such
    /// @param now what `strftime_now` formats
    /// @throws Problem bad request: with the line, if the template refuses the variables, fails on
    ///   them, or does not come to an end
    public String render(Map<String, ?> variables, LocalDateTime now) {
        try {
            return new Renderer().render(statements, variables, now);
        } catch (Failure failure) {
            throw problem(name, failure);
        }
    }

    private static Problem problem(String name, Failure failure) {
        return switch (failure.kind()) {
            case ERROR ->
                    Problem.badRequest(
                            "%s, line %d: %s.".formatted(name, failure.line(), failure.text()),
                            "Correct the template, or the conversation that it is given.");
            case REFUSAL ->
                    Problem.badRequest(
                            "%s, line %d, refuses the conversation: %s"
                                    .formatted(name, failure.line(), failure.text()),
                            "Change the conversation, or use another template.");
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
