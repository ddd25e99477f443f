package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// What the driver's tool says, in the form that it prints with `--format=csv,noheader,nounits`.
class NvidiaSmiTest {
    private static final String A = "GPU-aa11, NVIDIA RTX A6000, 49140, 570.124.06, 8.6";
    private static final String B = "GPU-bb22, NVIDIA H100 80GB HBM3, 81559, 570.124.06, 9.0";

    @Test
    void gpusAreReadLineByLine() {
        NvidiaSmi.Answer answer = FakeTorch.smi(A, B).gpus();
        assertThat(answer.gpus())
                .containsExactly(
                        new Gpu(0, "GPU-aa11", "NVIDIA RTX A6000", 49140L << 20, "570.124.06", 8.6),
                        new Gpu(
                                1,
                                "GPU-bb22",
                                "NVIDIA H100 80GB HBM3",
                                81559L << 20,
                                "570.124.06",
                                9.0));
        assertThat(answer.gpus().getLast())
                .hasToString(
                        "cuda:1 NVIDIA H100 80GB HBM3, 85.5 GB, compute capability 9.0, driver"
                                + " 570.124.06");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | GPU-bb22",
                "1,0 | GPU-bb22 GPU-aa11",
                "GPU-aa | GPU-aa11",
                "0,7,1 | GPU-aa11",
                "'' | ''",
                "-1 | ''",
            })
    void theyAreNumberedAsCudaNumbersThoseThatAreVisible(String visible, String uuids) {
        var smi = new NvidiaSmi(FakeTorch.smi(A, B).command(), visible);
        assertThat(String.join(" ", smi.gpus().gpus().stream().map(Gpu::uuid).toList()))
                .isEqualTo(uuids);
        assertThat(smi.gpus().gpus().stream().map(Gpu::index))
                .containsExactlyElementsOf(
                        List.of(0, 1).subList(0, uuids.isEmpty() ? 0 : uuids.split(" ").length));
    }

    @Test
    void withoutTheToolThereIsNoGpuAndThatIsWhy() {
        assertThat(new NvidiaSmi(List.of("no-such-program-here"), null).gpus().whyNone())
                .isEqualTo("there is no nvidia-smi, so no NVIDIA driver");
    }

    @Test
    void aToolThatFailsIsQuoted() {
        var smi =
                new NvidiaSmi(
                        List.of("sh", "-c", "echo 'NVIDIA-SMI has failed because…'; exit 9"), null);
        assertThat(smi.gpus().whyNone())
                .isEqualTo("nvidia-smi says \"NVIDIA-SMI has failed because…\"");
    }

    @Test
    void usedMemoryIsInBytesAndUnknownWhereTheDriverDoesNotSay() {
        Gpu gpu = new Gpu(0, "GPU-aa11", "A", 1, "570.1", 8.6);
        assertThat(FakeTorch.smi("1024").usedBytes(gpu)).isEqualTo(1024.0 * (1 << 20));
        assertThat(FakeTorch.smi("[N/A]").usedBytes(gpu)).isNaN();
    }
}
