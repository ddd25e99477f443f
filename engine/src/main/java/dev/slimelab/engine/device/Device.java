package dev.slimelab.engine.device;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the arithmetic runs, as a spec and `--device` ask for it: `auto`, `cpu` or `cuda:N`.
public sealed interface Device {
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

    /// Reads a word.
    ///
    /// @param path of the setting or option, for the refusal
    /// @throws Problem bad request: with the words there are
    static Device parse(String word, String path) {
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
                "Give auto, cpu, or cuda:0 for the first GPU; `slimelab doctor` lists the GPUs.");
    }
}
