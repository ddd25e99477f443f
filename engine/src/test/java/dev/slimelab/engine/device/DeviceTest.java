package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:13", "cuda:1,cuda:0", "cpu,cpu,cpu"})
    void aWordIsReadAndSaidAgain(String word) {
        assertThat(Device.parse(word, "device")).hasToString(word);
    }

    @Test
    void cudaAloneIsTheFirstGpu() {
        assertThat(Device.parse("cuda", "device")).isEqualTo(new Device.Cuda(0));
    }

    @Test
    void severalAreReadInTheirOrder() {
        Device several = Device.parse("cuda:2, cuda", "device");
        assertThat(several.gpus()).containsExactly(new Device.Cuda(2), new Device.Cuda(0));
        assertThat(Device.parse("cpu,cpu", "device").each())
                .containsExactly(new Device.Cpu(), new Device.Cpu());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda:0,cpu", "auto,cuda:1", "cuda:1,cuda:1", "cuda:0,"})
    void severalOfDifferentKindsOrTwiceTheSameGpuAreRefused(String word) {
        assertThatThrownBy(() -> Device.parse(word, "--device"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Give");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "CPU", "cuda:", "cuda:-1", "cuda:1x", "cuda:64", ""})
    void anythingElseIsRefusedWithTheWordsThereAre(String word) {
        assertThatThrownBy(() -> Device.parse(word, "--device"))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("--device is \"" + word + "\"", "auto", "cpu", "cuda:0");
    }
}
