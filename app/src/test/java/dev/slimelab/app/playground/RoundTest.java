package dev.slimelab.app.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.playground.Answer.Phase;
import dev.slimelab.app.playground.SamplingFields.Sampling;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class RoundTest {
    private static final Sampling SAMPLING = new Sampling(0.7, 0.9, 40, 64, 3);
    private static final List<Playable> PLAYERS =
            List.of(
                    new Playable(Path.of("runs/slime"), "base"),
                    new Playable(Path.of("runs/slime"), "step-000100"),
                    new Playable(Path.of("runs/slime"), ""));

    private static Answer answer(String text, Phase phase) {
        return new Answer(phase, List.of(1), List.of(), text, Double.NaN, null);
    }

    private static List<Map<String, Object>> pairs(Round round, Answer... answers) {
        return round.pairs(List.of(answers), 0, "ada", Instant.EPOCH);
    }

    @Test
    void onlyWholeDifferentAnswersMakePairs() {
        Round round = new Round("Say.", false, SAMPLING, PLAYERS);
        assertThat(
                        pairs(
                                round,
                                answer("a", Phase.ENDED),
                                answer("a", Phase.ENDED),
                                answer("b", Phase.CUT)))
                .singleElement()
                .satisfies(
                        row ->
                                assertThat(row)
                                        .containsEntry("prompt", "Say.")
                                        .containsEntry("chosen", "a")
                                        .containsEntry("rejected", "b")
                                        .containsEntry("chosen_model", "slime@base")
                                        .containsEntry("rejected_model", "slime")
                                        .containsEntry("rejected_finish", "length")
                                        .containsEntry("temperature", 0.7)
                                        .containsEntry("seed", 3L)
                                        .containsEntry("time", "1970-01-01T00:00:00Z"));
        assertThat(
                        pairs(
                                round,
                                answer("a", Phase.ENDED),
                                answer("b", Phase.STOPPED),
                                answer(" ", Phase.ENDED)))
                .isEmpty();
    }

    @Test
    void aChatIsSavedAsMessages() {
        Map<String, Object> row =
                pairs(
                                new Round("Say.", true, SAMPLING, PLAYERS.subList(0, 2)),
                                answer("a", Phase.ENDED),
                                answer("b", Phase.ENDED))
                        .getFirst();
        assertThat(row.get("prompt")).isEqualTo(List.of(Map.of("role", "user", "content", "Say.")));
        assertThat(row.get("rejected"))
                .isEqualTo(List.of(Map.of("role", "assistant", "content", "b")));
    }

    /// A row whose writer was killed stays alone: what comes later begins a line of its own.
    @Test
    void votesAreAddedToWhatThereIs(@TempDir Path folder) throws IOException {
        VoteFile file = new VoteFile(folder.resolve("mine/votes.jsonl"));
        List<Map<String, Object>> long20k = List.of(Map.of("prompt", "x".repeat(20_000)));
        assertThat(file.append(long20k)).isEqualTo(1);
        Files.writeString(file.path(), Files.readString(file.path()).stripTrailing());
        assertThat(file.append(long20k)).isEqualTo(2);
        assertThat(Files.readAllLines(file.path())).hasSize(2);
    }

    @Test
    void settingsThatCannotBeAreNamed() {
        SamplingFields fields = new SamplingFields();
        assertThat(fields.read()).isEqualTo(new Sampling(1, 1, 0, 128, 0));
        fields.nextSeed();
        assertThat(fields.seed().get()).isEqualTo("1");
        for (SamplingFields.Field field : fields.all()) {
            String usual = field.text().get();
            field.text().set("-1.5");
            assertThat(fields.complaint().get()).startsWith(field.name() + " is “-1.5”.");
            assertThat(fields.read()).isNull();
            field.text().set(usual);
            assertThat(fields.complaint().get()).isEmpty();
        }
    }
}
