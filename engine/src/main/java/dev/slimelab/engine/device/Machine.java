package dev.slimelab.engine.device;

import dev.slimelab.engine.device.DeviceChoice.Way;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this machine offers for the arithmetic, and the one place that decides what is used.
///
/// A GPU needs a libtorch for GPUs, which is looked for in the order of [Way]. The CPU uses the one
/// that comes with the program, or one for the CPU that a person names.
///
/// @param settings values of the environment variables named here, as far as they are set
/// @param download fetches what DJL publishes
public record Machine(
        NvidiaSmi smi, TorchPack pack, TorchDownload download, Map<String, String> settings) {
    /// The environment variable that names a libtorch's folder.
    public static final String FOLDER = "SLIMELAB_TORCH";

    /// The environment variable that allows DJL's download, with `yes`.
    public static final String DOWNLOAD = "SLIMELAB_TORCH_DOWNLOAD";

    /// What DJL would read by itself, past every check here.
    private static final List<String> FORBIDDEN =
            List.of("PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR");

    /// This machine, for this user.
    public static Machine here() {
        return new Machine(
                NvidiaSmi.here(),
                new TorchPack(UserFolders.data().resolve("torch")),
                TorchDownload.into(UserFolders.cache()),
                settingsHere());
    }

    /// A system property holds where there is no environment variable of its name.
    private static Map<String, String> settingsHere() {
        Map<String, String> settings = new HashMap<>();
        Stream.concat(Stream.of(FOLDER, DOWNLOAD), FORBIDDEN.stream())
                .forEach(
                        name -> {
                            String value = System.getenv(name);
                            String property = value == null ? System.getProperty(name) : value;
                            if (property != null) {
                                settings.put(name, property);
                            }
                        });
        return settings;
    }

    /// One of the ways to a libtorch, as far as it leads.
    ///
    /// @param libtorch null where it leads nowhere
    /// @param problem what is wrong with the one it leads to; null where nothing is
    /// @param said for a person, as the end of a sentence
    public record Found(
            Way way, @Nullable Libtorch libtorch, @Nullable Problem problem, String said) {
        static Found nothing(Way way, String why) {
            return new Found(way, null, null, why);
        }
    }

    /// Decides, and refuses what cannot be had.
    ///
    /// @throws Problem bad request: where a GPU is asked for and cannot be used, with what to do;
    ///   where a libtorch is named, or installed, that is not the right one
    public DeviceChoice choose(Device wanted) {
        for (String variable : FORBIDDEN) {
            if (settings.containsKey(variable)) {
                throw Problem.badRequest(
                        variable
                                + " is set, which would load a libtorch that nobody has looked at.",
                        "Unset it, and name the folder with " + FOLDER + " instead.");
            }
        }
        return switch (wanted) {
            case Device.Cpu _ -> cpu("The spec or the command asks for the CPU.");
            case Device.Cuda cuda -> gpu(cuda);
            case Device.Several several -> several(several);
            case Device.Auto _ -> automatic();
        };
    }

    /// Where each way to a libtorch leads.
    public List<Found> ways() {
        return List.of(
                inPack(),
                inFolder(),
                inCache(),
                new Found(Way.BUNDLED, null, null, Libtorch.VERSION + " for the CPU"));
    }

    /// The GPUs that a request would have to itself; none where it computes on the CPU. Loads
    /// nothing and starts nothing.
    public List<Device.Cuda> exclusive(Device wanted) {
        return wanted instanceof Device.Auto
                ? smi.isThere() && ways().stream().anyMatch(Machine::isForGpus)
                        ? List.of(new Device.Cuda(0))
                        : List.of()
                : wanted.gpus();
    }

    private DeviceChoice cpu(String why) {
        Found folder = inFolder();
        refuse(folder);
        Libtorch named = folder.libtorch;
        return named == null || named.isForGpus()
                ? new DeviceChoice(Way.BUNDLED, null, new Device.Cpu(), List.of(), why)
                : new DeviceChoice(Way.FOLDER, named, new Device.Cpu(), List.of(), why);
    }

    private DeviceChoice several(Device.Several wanted) {
        List<DeviceChoice> each = wanted.each().stream().map(this::choose).toList();
        DeviceChoice first = each.getFirst();
        return new DeviceChoice(
                first.way(),
                first.libtorch(),
                wanted,
                each.stream().flatMap(choice -> choice.gpus().stream()).toList(),
                "The spec or the command asks for them.");
    }

    private DeviceChoice automatic() {
        List<Found> ways = ways();
        ways.forEach(Machine::refuse);
        Found found = ways.stream().filter(Machine::isForGpus).findFirst().orElse(null);
        if (found == null && !mayDownload()) {
            return cpu("No libtorch for GPUs is installed.");
        }
        NvidiaSmi.Answer answer = smi.gpus();
        Gpu gpu = answer.gpu(0);
        if (gpu == null) {
            return cpu("No GPU can be used: " + answer.whyNone() + ".");
        }
        Gpu.Unfit unfit = gpu.unfit();
        if (unfit != null) {
            return cpu("The GPU cannot be used: " + unfit.why() + ".");
        }
        return on(gpu, found, "There is a libtorch for GPUs, and a GPU.");
    }

    private DeviceChoice gpu(Device.Cuda wanted) {
        Found found = null;
        for (Found way : ways()) {
            refuse(way);
            if (found == null && isForGpus(way)) {
                found = way;
            }
        }
        if (found == null && !mayDownload()) {
            throw Problem.badRequest(
                    "device is \"%s\", but there is no libtorch for GPUs: %s."
                            .formatted(
                                    wanted,
                                    ways().stream()
                                            .filter(way -> way.way != Way.BUNDLED)
                                            .map(Found::said)
                                            .collect(Collectors.joining("; "))),
                    Libtorch.INSTALL);
        }
        NvidiaSmi.Answer answer = smi.gpus();
        Gpu gpu = answer.gpu(wanted.index());
        if (gpu == null) {
            throw Problem.badRequest(
                    "device is \"%s\", but %s."
                            .formatted(
                                    wanted,
                                    answer.gpus().isEmpty()
                                            ? answer.whyNone()
                                            : "there is only "
                                                    + answer.gpus().stream()
                                                            .map(Gpu::toString)
                                                            .collect(Collectors.joining("; "))),
                    answer.gpus().isEmpty()
                            ? "Install NVIDIA's driver, or use \"cpu\"."
                            : "Give one of "
                                    + answer.gpus().stream()
                                            .map(each -> "cuda:" + each.index())
                                            .collect(Collectors.joining(", "))
                                    + ", or \"cpu\".");
        }
        Gpu.Unfit unfit = gpu.unfit();
        if (unfit != null) {
            throw Problem.badRequest(
                    "device is \"%s\", but %s.".formatted(wanted, unfit.why()), unfit.remedy());
        }
        return on(gpu, found, "The spec or the command asks for it.");
    }

    /// @param found null where it is to be downloaded
    private DeviceChoice on(Gpu gpu, @Nullable Found found, String why) {
        return new DeviceChoice(
                found == null ? Way.DOWNLOAD : found.way,
                found == null ? download.fetch() : Objects.requireNonNull(found.libtorch),
                new Device.Cuda(gpu.index()),
                List.of(gpu),
                why);
    }

    private boolean mayDownload() {
        return "yes".equals(settings.get(DOWNLOAD));
    }

    private static boolean isForGpus(Found found) {
        return found.libtorch != null && found.libtorch.isForGpus();
    }

    private static void refuse(Found found) {
        if (found.problem != null) {
            throw found.problem;
        }
    }

    private Found inPack() {
        if (!pack.isInstalled()) {
            return Found.nothing(Way.PACK, "no GPU pack is installed");
        }
        try {
            return found(Way.PACK, pack.open());
        } catch (Problem problem) {
            return new Found(Way.PACK, null, problem, problem.what());
        }
    }

    private Found inFolder() {
        String named = settings.get(FOLDER);
        if (named == null || named.isBlank()) {
            return Found.nothing(Way.FOLDER, FOLDER + " names no folder");
        }
        try {
            Libtorch libtorch = Libtorch.in(Path.of(named), FOLDER);
            return found(
                    Way.FOLDER,
                    libtorch.isForGpus() ? libtorch.requireCuda() : libtorch.requireVersion());
        } catch (Problem problem) {
            return new Found(Way.FOLDER, null, problem, problem.what());
        }
    }

    private Found inCache() {
        if (!mayDownload()) {
            return Found.nothing(Way.DOWNLOAD, DOWNLOAD + " is not yes");
        }
        if (!download.isThere()) {
            return Found.nothing(Way.DOWNLOAD, "nothing has been downloaded yet");
        }
        try {
            return found(Way.DOWNLOAD, download.open());
        } catch (Problem problem) {
            return new Found(Way.DOWNLOAD, null, problem, problem.what());
        }
    }

    private static Found found(Way way, Libtorch libtorch) {
        return new Found(way, libtorch, null, libtorch + " in " + libtorch.libraries());
    }

    /// For a list: a line for each way to a libtorch.
    public List<String> said() {
        List<String> lines = new ArrayList<>();
        ways().forEach(way -> lines.add(way.way.words() + ": " + way.said));
        return lines;
    }
}
