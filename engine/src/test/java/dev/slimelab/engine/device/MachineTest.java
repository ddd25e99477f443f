package dev.slimelab.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.device.DeviceChoice.Way;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which device and which libtorch are chosen, or why none: no GPU is needed to decide.
class MachineTest {
    private static final String CARD = "GPU-aa11, NVIDIA RTX A6000, 49140, 570.124.06, 8.6";
    private static final NvidiaSmi NO_DRIVER = new NvidiaSmi(List.of("no-such-program-here"), null);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();

    private Machine machine(NvidiaSmi smi) {
        return new Machine(
                smi,
                new TorchPack(folder.resolve("data/torch")),
                new TorchDownload(
                        URI.create("http://127.0.0.1:1/"), folder.resolve("cache"), "linux-x86_64"),
                settings);
    }

    private static Problem refusal(Machine machine, Device wanted) {
        try {
            machine.choose(wanted);
        } catch (Problem problem) {
            return problem;
        }
        throw new AssertionError(wanted + " was not refused");
    }

    private void point(String version, String cuda) {
        settings.put(
                Machine.FOLDER, FakeTorch.pip(folder.resolve("site"), version, cuda).toString());
    }

    @Test
    void withoutALibtorchForGpusAutoIsTheCpuAndSaysWhy() {
        DeviceChoice choice = machine(FakeTorch.smi(CARD)).choose(new Device.Auto());
        assertThat(choice.device()).isEqualTo(new Device.Cpu());
        assertThat(choice.way()).isEqualTo(Way.BUNDLED);
        assertThat(choice.why()).isEqualTo("No libtorch for GPUs is installed.");
    }

    @Test
    void withOneAndAGpuAutoIsThatGpu() {
        point("2.7.1+cu128", "12.8");
        DeviceChoice choice = machine(FakeTorch.smi(CARD)).choose(new Device.Auto());
        assertThat(choice.device()).isEqualTo(new Device.Cuda(0));
        assertThat(choice.way()).isEqualTo(Way.FOLDER);
        assertThat(choice.libtorch()).hasToString("2.7.1 for cu128");
    }

    @Test
    void withOneButNoGpuAutoIsTheCpuAndSaysWhy() {
        point("2.7.1+cu128", "12.8");
        DeviceChoice choice = machine(NO_DRIVER).choose(new Device.Auto());
        assertThat(choice.device()).isEqualTo(new Device.Cpu());
        assertThat(choice.libtorch()).as("the CPU's own").isNull();
        assertThat(choice.why())
                .isEqualTo("No GPU can be used: there is no nvidia-smi, so no NVIDIA driver.");
    }

    @Test
    void aGpuThatCannotBeHadIsNeverTheCpuInstead() {
        Problem noLibtorch = refusal(machine(FakeTorch.smi(CARD)), new Device.Cuda(0));
        assertThat(noLibtorch.what())
                .contains(
                        "\"cuda:0\"",
                        "no libtorch for GPUs",
                        "no GPU pack is installed",
                        "SLIMELAB_TORCH names no folder",
                        "SLIMELAB_TORCH_DOWNLOAD is not yes");
        assertThat(noLibtorch.remedy()).contains("pip install torch==2.7.1", "--install-torch");

        point("2.7.1+cu128", "12.8");
        Problem noGpu = refusal(machine(NO_DRIVER), new Device.Cuda(0));
        assertThat(noGpu.what()).contains("no nvidia-smi");
        assertThat(noGpu.remedy()).contains("driver");

        Problem noSecond = refusal(machine(FakeTorch.smi(CARD)), new Device.Cuda(1));
        assertThat(noSecond.what()).contains("\"cuda:1\"", "there is only cuda:0 NVIDIA RTX A6000");
        assertThat(noSecond.remedy()).contains("cuda:0");
    }

    @Test
    void severalGpusAreAllHadOrNone() {
        point("2.7.1+cu128", "12.8");
        Device both = Device.parse("cuda:1,cuda:0", "device");
        DeviceChoice choice =
                machine(FakeTorch.smi(CARD, CARD.replace("GPU-", "GPU-b"))).choose(both);
        assertThat(choice.device()).isEqualTo(both);
        assertThat(choice.gpus()).extracting(Gpu::index).containsExactly(1, 0);
        assertThat(machine(NO_DRIVER).exclusive(both)).isEqualTo(both.gpus());
        assertThat(refusal(machine(FakeTorch.smi(CARD)), both).what()).contains("\"cuda:1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:0"})
    void aFolderThatIsNotTheRightOneIsRefusedWhateverIsAsked(String wanted) {
        point("2.6.0+cu128", "12.8");
        assertThat(refusal(machine(FakeTorch.smi(CARD)), Device.parse(wanted, "device")).what())
                .contains("is libtorch 2.6.0");
    }

    @Test
    void aLibtorchForTheCpuServesTheCpuAndNoGpu() {
        settings.put(Machine.FOLDER, FakeTorch.cpu(folder.resolve("own"), "2.7.1+cpu").toString());
        DeviceChoice choice = machine(FakeTorch.smi(CARD)).choose(new Device.Cpu());
        assertThat(choice.way()).isEqualTo(Way.FOLDER);
        assertThat(choice.libtorch()).hasToString("2.7.1 for cpu");
        assertThat(refusal(machine(FakeTorch.smi(CARD)), new Device.Cuda(0)).what())
                .contains("2.7.1 for cpu in");
    }

    @Test
    void thePackComesBeforeTheFolder() {
        Machine machine = machine(FakeTorch.smi(CARD));
        machine.pack().install(FakeTorch.pip(folder.resolve("one"), "2.7.1+cu128", "12.8"));
        point("2.7.1+cu128", "12.8");
        assertThat(machine.choose(new Device.Cuda(0)).way()).isEqualTo(Way.PACK);
        assertThat(machine.said())
                .hasSize(Way.values().length)
                .anySatisfy(line -> assertThat(line).startsWith("a GPU pack: 2.7.1 for cu128 in"))
                .anySatisfy(line -> assertThat(line).contains("SLIMELAB_TORCH: 2.7.1 for cu128"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"520.61.05", "525.30"})
    void anOldDriverIsRefusedWithTheOneThatIsNeeded(String driver) {
        point("2.7.1+cu128", "12.8");
        NvidiaSmi smi = FakeTorch.smi("GPU-aa11, NVIDIA A10, 23028, " + driver + ", 8.6");
        Problem refused = refusal(machine(smi), new Device.Cuda(0));
        assertThat(refused.what()).contains("driver " + driver + " is too old for CUDA 12.8");
        assertThat(refused.remedy()).contains("525.60");
        assertThat(machine(smi).choose(new Device.Auto()).why()).contains("too old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"525.60.13", "525.105.17", "570.124.06", "600"})
    void aDriverThatIsNewEnoughIsTaken(String driver) {
        point("2.7.1+cu128", "12.8");
        NvidiaSmi smi = FakeTorch.smi("GPU-aa11, NVIDIA A10, 23028, " + driver + ", 8.6");
        assertThat(machine(smi).choose(new Device.Cuda(0)).device()).isEqualTo(new Device.Cuda(0));
    }

    @Test
    void aGpuThatLibtorchHasNoCodeForIsRefused() {
        point("2.7.1+cu128", "12.8");
        NvidiaSmi smi = FakeTorch.smi("GPU-aa11, Tesla V100, 16160, 570.124.06, 7.0");
        assertThat(refusal(machine(smi), new Device.Cuda(0)).what())
                .contains("compute capability 7.0", "from 7.5 on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR"})
    void whatWouldBeLoadedPastTheseChecksIsRefused(String variable) {
        settings.put(variable, "anything");
        assertThatThrownBy(() -> machine(NO_DRIVER).choose(new Device.Cpu()))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(variable, "Unset it", Machine.FOLDER);
    }

    @Test
    void onlyWhatComputesOnAGpuHasItToItself() {
        assertThat(machine(NO_DRIVER).exclusive(new Device.Cpu())).isEmpty();
        assertThat(machine(NO_DRIVER).exclusive(new Device.Auto())).isEmpty();
        assertThat(machine(NO_DRIVER).exclusive(new Device.Cuda(2)))
                .containsExactly(new Device.Cuda(2));
        point("2.7.1+cu128", "12.8");
        assertThat(machine(NO_DRIVER).exclusive(new Device.Auto())).isEmpty();
        assertThat(machine(FakeTorch.smi(CARD)).exclusive(new Device.Auto()))
                .containsExactly(new Device.Cuda(0));
    }
}
