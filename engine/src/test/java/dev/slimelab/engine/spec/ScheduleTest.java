package dev.slimelab.engine.spec;

import static dev.slimelab.engine.Tolerances.EXACT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    /// Worked out from transformers' get_linear_schedule_with_warmup and
    /// get_cosine_schedule_with_warmup.
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 0, 5, 0, 1",
        "LINEAR, 4, 5, 0, 0.2",
        "LINEAR, 5, 5, 0, 0",
        "LINEAR, 0, 10, 2, 0",
        "LINEAR, 1, 10, 2, 0.5",
        "LINEAR, 2, 10, 2, 1",
        "COSINE, 6, 10, 2, 0.5",
        "COSINE, 10, 10, 2, 0",
        "CONSTANT, 9, 10, 0, 1",
        "STABLE_DECAY, 70, 100, 5, 1",
        "STABLE_DECAY, 85, 100, 5, 0.51",
        "STABLE_DECAY, 100, 100, 5, 0.02"
    })
    void factorsFollowTheirDefinition(
            Schedule schedule, int step, int steps, int warmup, double factor) {
        assertThat(schedule.factor(step, steps, warmup)).isCloseTo(factor, EXACT);
    }
}
