package dev.slimelab.engine.device;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where the arithmetic runs, as a spec and `--device` ask for it: `auto`, `cpu`, `cuda:N`, or
/// several of one kind, `cuda:0,cuda:1`.
public sealed interface Device {
    /// The devices it consists of: itself, unless it is [Several].
    default List<Device> each() {
        return List.of(this);
    }

    /// The GPUs it names.
    default List<Cuda> gpus() {
        return each().stream().filter(Cuda.class::isInstance).map(Cuda.class::cast).toList();
    }

    /// The first GPU where one can be used, else the CPU; which it is and why stands in the run's
    /// log and environment.
    @Called("Automatic")
    record Auto() implements Device {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /// The processor.
    @Called("CPU")
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /// An NVIDIA GPU, or a refusal: never the CPU instead.
    @Called("GPU")
    record Cuda(
            @Parameter(
                            label = "GPU number",
                            help = "As nvidia-smi counts them, from 0.",
                            initial = "0",
                            min = 0,
                            max = 63)
                    int index)
            implements Device {
        public Cuda {
            Settings.require(Cuda.class, "index", index);
        }

        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /// Devices of this machine that share each optimiser step, the first of them the one that
    /// gathers. The processor may be named more than once, which shows the arithmetic without GPUs.
    @Called("Several GPUs")
    record Several(
            @Parameter(
                            label = "Devices",
                            help =
                                    "The GPUs whose micro-batches make up a step, in their order;"
                                            + " each holds the whole model.",
                            initial = "[\"cuda:0\", \"cuda:1\"]")
                    List<String> devices)
            implements Device {
        public Several {
            devices = List.copyOf(devices);
            String all = String.join(",", devices);
            List<Device> each = each(devices);
            long gpus = each.stream().filter(Cuda.class::isInstance).count();
            long processors = each.stream().filter(Cpu.class::isInstance).count();
            if (each.size() < 2 || Math.max(gpus, processors) < each.size()) {
                throw Problem.badRequest(
                        "device is \"%s\", which is not several of one kind.".formatted(all),
                        "Give two GPUs or more, such as cuda:0,cuda:1.");
            }
            if (gpus > 0 && Set.copyOf(each).size() < each.size()) {
                throw Problem.badRequest(
                        "device is \"%s\", which names a GPU twice.".formatted(all),
                        "Give each GPU once.");
            }
        }

        @Override
        public List<Device> each() {
            return each(devices);
        }

        private static List<Device> each(List<String> words) {
            return words.stream().map(word -> one(word, "device")).toList();
        }

        @Override
        public String toString() {
            return each().stream().map(Device::toString).collect(Collectors.joining(","));
        }
    }

    /// Reads a word.
    ///
    /// @param path of the setting or option, for the refusal
    /// @throws Problem bad request: with the words there are
    static Device parse(String word, String path) {
        return word.contains(",")
                ? new Several(List.of(word.strip().split("\\s*,\\s*", -1)))
                : one(word, path);
    }

    private static Device one(String word, String path) {
        Matcher cuda = Pattern.compile("cuda(?::(\\d|[1-5]\\d|6[0-3]))?").matcher(word);
        if (word.equals("auto")) {
            return new Auto();
        }
        if (word.equals("cpu")) {
            return new Cpu();
        }
        if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        throw Problem.badRequest(
                path + " is \"" + word + "\", which is no device.",
                "Give auto, cpu, cuda:0 for the first GPU, or cuda:0,cuda:1 for two; `slimelab"
                        + " doctor` lists the GPUs.");
    }
}
