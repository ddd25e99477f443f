package dev.slimelab.engine.data.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class TemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.parse("2025-03-09T14:05:07");
    private static final JsonNode SNIPPETS =
            JsonMapper.shared().readTree(TemplateTest.class.getResourceAsStream("snippets.json"));

    /// What jinja2 makes of the same templates, written down with the version in the file.
    @TestFactory
    Stream<DynamicTest> whatTheReferenceRendersIsRendered() {
        return SNIPPETS.get("cases")
                .valueStream()
                .map(
                        example -> {
                            String template = example.get("template").stringValue();
                            return DynamicTest.dynamicTest(
                                    template,
                                    () ->
                                            assertThat(render(template))
                                                    .isEqualTo(
                                                            example.get("expected").stringValue()));
                        });
    }

    @TestFactory
    Stream<DynamicTest> whatTheReferenceRefusesIsRefused() {
        return SNIPPETS.get("errors")
                .valueStream()
                .map(JsonNode::stringValue)
                .map(
                        template ->
                                DynamicTest.dynamicTest(
                                        template,
                                        () ->
                                                assertThatThrownBy(() -> render(template))
                                                        .isInstanceOf(Problem.class)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{{ 'a' + 1 }}; line 3: cannot add string and integer",
                "{{ foo.bar }}; line 3: foo is undefined",
                "{{ m.nothing + 'x' }}; line 3: mapping has no nothing",
                "{{ s|shout }}; line 3: the filter shout is not known",
                "{{ s is loud }}; line 3: the test loud is not known",
                "{% include 'x' %}; line 3: the tag include is not known",
                "{{ l.append(1) }}; line 3: list has no append",
                "{{ 1 +; line 3: \"{{\" is not closed",
                "{% for a in l %}; line 3: the tag has no endfor",
                "{{ '%s' % 1 }}; line 3: formatting a string with % is not supported",
                "{{ s.replace('a') }}; line 3: replace needs its argument new",
                "{{ s.replace('a', 'b', times=1) }}; line 3: replace has no argument times",
                "{{ raise_exception('Not so!') }}; line 3, refuses the conversation: Not so!",
            })
    void aMessageNamesTheLineAndWhatIsWrong(String template, String message) {
        assertThatThrownBy(() -> render("a\n{{ i }}\n" + template))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("the template, " + message);
    }

    @Test
    void theLineIsThatOfTheStatementEvenAfterAMacro() {
        assertThatThrownBy(() -> render("{% macro f() %}\n\nx\n{% endmacro %}\n{{ f() + 1 }}"))
                .hasMessageContaining("line 5");
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{{ 'x' * 1000000000000 }}",
                "{{ [0] * 1000000000000 }}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{{ s }}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l == ns.l + [] }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ m[ns.l] }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{{ ('ab' * 1000000).replace('a', 'x' * 1000000) }}",
                "{{ range(100000)|map('string')|map('replace', '', 'x')|list }}",
                "{{ range(100000)|unique|list }}",
                "{% for a in range(100000) %}{{ range(100000)|list|length }}{% endfor %}",
            })
    void aTemplateThatRunsAwayIsEnded(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(Problem.class);
    }

    @Test
    void aTemplateThatIsNestedTooDeeplyIsRefused() {
        assertThatThrownBy(() -> render("{{ " + "(".repeat(200_000) + ")".repeat(200_000) + " }}"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(200_000) + " }}"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nested too deeply");
    }

    /// Whatever happens to a template, it renders or there is a `Problem`, and soon.
    @Test
    @Timeout(60)
    void changedTemplatesOfModelsNeverFailInAnotherWay() throws IOException {
        var random = new Random(9);
        int refused = 0;
        int rendered = 0;
        for (JsonNode golden : goldens()) {
            String source = golden.get("template").stringValue();
            List<Map<String, ?>> messages =
                    List.of(
                            Map.of("role", "system", "content", "s"),
                            Map.of("role", "user", "content", "q {{ x }}"),
                            Map.of("role", "assistant", "content", "<think>t</think>a"));
            for (int i = 0; i < 40; i++) {
                String changed = changed(source, random);
                try {
                    Template.parse("changed", changed)
                            .render(
                                    Map.of("messages", messages, "add_generation_prompt", true),
                                    NOW);
                    rendered++;
                } catch (Problem expected) {
                    refused++;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(changed, e);
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
        assertThat(rendered).isGreaterThan(100);
    }

    /// A few pieces deleted, doubled, exchanged with another place, or with a sign that means
    /// something.
    private static String changed(String source, Random random) {
        var changed = new StringBuilder(source);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int start = random.nextInt(changed.length());
            int end = Math.min(changed.length(), start + 1 + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> changed.delete(start, end);
                case 1 -> changed.insert(start, changed.substring(start, end));
                case 2 -> {
                    String piece = changed.substring(start, end);
                    changed.delete(start, end);
                    changed.insert(random.nextInt(changed.length() + 1), piece);
                }
                default -> {
                    String signs = "{}%#'\"\\()[]|.,:=+-*/~ \n09aé<>!";
                    changed.setCharAt(start, signs.charAt(random.nextInt(signs.length())));
                }
            }
        }
        return changed.toString();
    }

    private static List<JsonNode> goldens() throws IOException {
        Path folder = SharedFolder.path("parity/chat_templates");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(file -> JsonMapper.shared().readTree(file))
                    .toList();
        }
    }

    @Test
    void thePageNamesEverythingATemplateCanUse() throws IOException {
        String page = Files.readString(Path.of("../docs/chat-templates.md"));
        assertThat(page)
                .contains(Filters.ALL.keySet())
                .contains(Tests.ALL.keySet())
                .contains(Methods.of("").keySet())
                .contains(Methods.of(List.of()).keySet())
                .contains(Methods.of(Map.of()).keySet());
    }

    @Test
    void onlyPlainValuesCanBeGiven() {
        Template template = Template.parse("the template", "{{ x }}");
        assertThatThrownBy(() -> template.render(Map.of("x", new Object()), NOW))
                .isInstanceOf(Problem.class);
        assertThatCode(() -> template.render(Map.of("x", List.of(1, 1.5f, true)), NOW))
                .doesNotThrowAnyException();
    }

    private static String render(String template) {
        @SuppressWarnings("unchecked") // the keys of JSON objects are strings
        Map<String, @Nullable Object> variables =
                JsonMapper.shared().convertValue(SNIPPETS.get("variables"), Map.class);
        return Template.parse("the template", template).render(variables, NOW);
    }
}
