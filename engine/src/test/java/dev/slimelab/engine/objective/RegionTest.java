package dev.slimelab.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class RegionTest {
    @ParameterizedTest
    @EnumSource(Preset.class)
    void regionsCoverTheirAxisWithoutGaps(Preset preset) {
        Objective objective = preset.objective();
        if (objective.contrast() != null) {
            covers(objective.contrast().regions(objective.beta()));
        }
        if (objective.stabiliser() != null) {
            covers(objective.stabiliser().regions());
        }
    }

    private static void covers(List<Region> regions) {
        assertThat(regions).isNotEmpty();
        assertThat(regions.getFirst().from()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(regions.getLast().to()).isEqualTo(Double.POSITIVE_INFINITY);
        for (int i = 1; i < regions.size(); i++) {
            assertThat(regions.get(i).from()).isEqualTo(regions.get(i - 1).to());
        }
    }

    /// SLIME: m_s 1, m_h 1.5, δ 1.25.
    @Test
    void slimesRegionsAreDividedByItsMargins() {
        Objective slime = Preset.SLIME.objective();
        assertThat(java.util.Objects.requireNonNull(slime.contrast()).regions(1))
                .extracting(region -> region.label() + " to " + region.to())
                .containsExactly(
                        "below the soft margin to 1.0",
                        "between the margins to 1.5",
                        "beyond the hard margin to Infinity");
        Region low = java.util.Objects.requireNonNull(slime.stabiliser()).regions().getFirst();
        assertThat(low.contains(-1.26)).isTrue();
        assertThat(low.contains(-1.25)).isFalse();
    }

    /// Scores are means: −1 and −2 nat per token, so z = 1 whatever the anchor, which would ask for
    /// the prompt, does.
    @Test
    void comparisonsNeedOnlyWhatTheContrastNeeds() {
        PairLogps pair = new PairLogps(new double[][] {{-1, -1}}, new double[][] {{-2, -2}});
        assertThat(Preset.SLIME.objective().comparisons(pair)).containsExactly(1);
        assertThat(Preset.SFT.objective().comparisons(pair)).isEmpty();
        assertThat(Preset.ORPO.objective().needs()).contains(Need.PROMPT);
        assertThat(Preset.ORPO.objective().comparisons(pair)).hasSize(1);
    }
}
