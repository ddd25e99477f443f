package dev.slimelab.engine.spec;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Parameter.Place;
import dev.slimelab.engine.parameter.Parameter.Scale;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that decides a run. The same spec on the same machine gives the same metrics, bit for
/// bit.
///
/// Read and written as `spec.json` by [SpecJson]; a component left out takes the default its
/// [Parameter] states.
public record RunSpec(
        @Parameter(label = "Name", help = "Names the run and its folder.", initial = "run")
                String name,
        @Parameter(
                        label = "Stage",
                        help = "What the run teaches: language, answers, or preferences.",
                        initial = "preference")
                Stage stage,
        @Parameter(label = "Model", help = "The policy before training.") Model model,
        @Parameter(label = "Data", help = "What it is trained on.") Data data,
        @Parameter(
                        label = "Reference",
                        help = "The frozen model of objectives that measure against one.")
                ReferenceModel reference,
        @Parameter(
                        label = "Objective",
                        help = "What is minimised: a preset and what differs, or a composition.")
                Objective objective,
        @Parameter(label = "Adapter", help = "Which weights are trained.", initial = "lora")
                Adapter adapter,
        @Parameter(label = "Optimisation", help = "Steps, batches and AdamW.")
                Optimization optimization,
        @Parameter(label = "Evaluation", help = "What is measured beside the training batches.")
                Evaluation evaluation,
        @Parameter(
                        label = "Checkpoints",
                        help = "When the whole state is saved, and which states are kept.")
                Checkpoint checkpoint,
        @Parameter(label = "Seeds", help = "Three generators that do not disturb each other.")
                Seeds seeds,
        @Parameter(
                        label = "Device",
                        help =
                                "Where the arithmetic runs: auto, cpu, or cuda:0 for the first GPU;"
                                        + " auto takes that GPU where it can be used and says so;"
                                        + " cuda:0,cuda:1 share every step.",
                        initial = "auto")
                Device device,
        @Parameter(
                        label = "Threads",
                        help = "Threads of one matrix product; empty: one per core.",
                        min = 1,
                        max = 1024)
                @Nullable Integer threads,
        @Parameter(
                        label = "Then",
                        help =
                                "What differs in the run that follows this one and starts from its"
                                        + " result.")
                @Nullable Map<String, Object> then) {

    public RunSpec {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw Problem.badRequest(
                    "name is \"" + name + "\", which cannot be a folder.",
                    "Use letters, digits, dots, dashes and underscores.");
        }
        if (threads != null) {
            Settings.require(RunSpec.class, "threads", threads);
        }
        if (stage != Stage.PREFERENCE && objective.readsRejected()) {
            throw Problem.badRequest(
                    "objective looks at rejected answers, which stage \""
                            + stage.word()
                            + "\" does not have.",
                    "Use the preset \"sft\", or stage \"preference\".");
        }
        objective.requireTrainable(optimization.batchPairs());
        if (objective.needsReference() && reference.kind() == ReferenceModel.Kind.NONE) {
            throw Problem.badRequest(
                    "reference.kind is \"none\", but the objective measures against a reference.",
                    "Use \"adapter-disabled\", \"start\" or \"folder\".");
        }
        if (objective.needsReference()
                && reference.cache() == ReferenceModel.Cache.ALWAYS
                && !objective.foretellsReference()) {
            throw Problem.badRequest(
                    "reference.cache is \"always\", but the objective's reference moves or is asked"
                            + " about rows that are not in the data.",
                    "Use \"auto\".");
        }
        if (data.evaluationFraction() > 0 && data.isTinyLab()) {
            throw Problem.badRequest(
                    "data.evaluationFraction is set, but the built-in corpus has held-out pairs of"
                            + " its own.",
                    "Leave data.evaluationFraction out.");
        }
    }

    /// The policy before training: a Hugging Face folder, or random weights from a configuration.
    public record Model(
            @Parameter(
                            label = "Model folder",
                            help = "A Hugging Face folder with safetensors.",
                            place = Place.FOLDER)
                    @Nullable String path,
            @Parameter(
                            label = "Configuration",
                            help = "The keys of a config.json, for random weights instead.")
                    @Nullable Map<String, Object> config,
            @Parameter(
                            label = "Tokenizer folder",
                            help = "Holds tokenizer.json; empty: the model folder.",
                            place = Place.FOLDER)
                    @Nullable String tokenizerPath,
            @Parameter(
                            label = "Adapter folder",
                            help = "A PEFT adapter to start from.",
                            place = Place.FOLDER)
                    @Nullable String adapterPath,
            @Parameter(
                            label = "Precision",
                            help = "Of base weights and arithmetic.",
                            initial = "fp32")
                    Precision precision) {
        public Model {
            if ((path == null) == (config == null)) {
                throw Problem.badRequest(
                        path == null
                                ? "model has neither path nor config."
                                : "model has both path and config.",
                        "Give model.path (a Hugging Face folder) or model.config (random weights).");
            }
            if (config != null && tokenizerPath == null) {
                throw Problem.badRequest(
                        "model.config needs model.tokenizerPath.",
                        "Name a folder that holds tokenizer.json.");
            }
        }
    }

    /// What the run is trained on: a file or a dataset folder, or the built-in corpus.
    public record Data(
            @Parameter(
                            label = "File",
                            help =
                                    "JSON lines, JSON, CSV or Parquet, gzipped or not, or a dataset"
                                            + " folder of such files.",
                            place = Place.FILE_OR_FOLDER)
                    @Nullable String path,
            @Parameter(
                            label = "Format",
                            help =
                                    "What the columns mean: auto looks at the first row; tiny-lab is"
                                            + " the built-in corpus.",
                            initial = "auto")
                    String format,
            @Parameter(
                            label = "Columns",
                            help =
                                    "Which column is which, in a file that calls them otherwise than"
                                            + " the formats do.")
                    @Nullable Columns columns,
            @Parameter(
                            label = "Train split",
                            help =
                                    "Of a dataset folder; empty: its only split, or the one called"
                                            + " train.")
                    @Nullable String trainSplit,
            @Parameter(
                            label = "Test split",
                            help = "Of a dataset folder, measured instead of held-out pairs.")
                    @Nullable String testSplit,
            @Parameter(
                            label = "Chat template",
                            help = "A file that ends in .jinja, or chatml; empty: the model's own.",
                            place = Place.FILE)
                    @Nullable String template,
            @Parameter(
                            label = "Longest row",
                            unit = "tokens",
                            help = "Prompt and answer together; what is beyond is cut off.",
                            initial = "1024",
                            min = 2,
                            low = 128,
                            high = 8192)
                    int maxLength,
            @Parameter(
                            label = "Held out",
                            help = "The share of pairs kept for evaluation.",
                            initial = "0",
                            min = 0,
                            below = 1,
                            low = 0,
                            high = 0.2)
                    double evaluationFraction,
            @Parameter(
                            label = "Malformed rows",
                            help =
                                    "refuse the file, or drop and name them; degenerate pairs are"
                                            + " always dropped and named.",
                            initial = "refuse")
                    OnBadRow onBadRow,
            @Parameter(
                            label = "Part",
                            help =
                                    "Which part of the built-in corpus, or of a file that is divided"
                                            + " by the SFT share.",
                            initial = "preference")
                    Split split,
            @Parameter(
                            label = "SFT share",
                            help =
                                    "Divides the rows of a file between a run with the part sft,"
                                            + " which gets this share, and one with the part"
                                            + " preference, which gets the others.",
                            source = "SLIME: a third",
                            initial = "0",
                            min = 0,
                            below = 1,
                            low = 0,
                            high = 0.5)
                    double sftFraction,
            @Parameter(
                            label = "Data seed",
                            help =
                                    "Of the built-in corpus; of a file, decides which rows are of"
                                            + " which part and which are held out.",
                            initial = "0",
                            min = 0)
                    long seed,
            @Parameter(
                            label = "Pairs",
                            help = "How many pairs of the built-in corpus.",
                            initial = "4000",
                            min = 1,
                            max = 1_000_000)
                    int pairs) {
        public static final String AUTO = "auto";
        public static final String TINY_LAB = "tiny-lab";

        public enum OnBadRow {
            REFUSE,
            DROP
        }

        /// The parts of the built-in corpus, drawn independently of each other; the last two also
        /// of a file.
        public enum Split {
            /// 40,000 single answers, right and flawed ones.
            PRETRAIN,
            /// 4,000 right answers.
            @Called("SFT")
            SFT,
            /// Pairs, as many as asked for.
            PREFERENCE
        }

        public Data {
            Settings.require(Data.class, "maxLength", maxLength);
            Settings.require(Data.class, "evaluationFraction", evaluationFraction);
            Settings.require(Data.class, "sftFraction", sftFraction);
            Settings.require(Data.class, "seed", (double) seed);
            Settings.require(Data.class, "pairs", pairs);
            if (format.equals(TINY_LAB) == (path != null)) {
                throw Problem.badRequest(
                        path == null
                                ? "data has no path."
                                : "data.format \"tiny-lab\" is the built-in corpus and has no path.",
                        "Give data.path, or \"format\": \"tiny-lab\" without a path.");
            }
            if (path == null && (trainSplit != null || testSplit != null || sftFraction > 0)) {
                throw Problem.badRequest(
                        "data.trainSplit, data.testSplit and data.sftFraction are for files, and the"
                                + " built-in corpus has parts of its own.",
                        "Use data.split.");
            }
            if (path == null && columns != null) {
                throw Problem.badRequest(
                        "data.columns is for files, and the built-in corpus has none.",
                        "Leave it out.");
            }
            boolean divided = sftFraction > 0 && split != Split.PRETRAIN;
            if (path != null && split != Split.PREFERENCE && !divided) {
                throw Problem.badRequest(
                        "data.split is \"%s\", but the file is not divided."
                                .formatted(Settings.word(split.name())),
                        "Leave data.split out to use all rows, or set data.sftFraction to the share"
                                + " that \"split\": \"sft\" gets, such as 0.33.");
            }
            if (testSplit != null && evaluationFraction > 0) {
                throw Problem.badRequest(
                        "data.testSplit and data.evaluationFraction are both set.",
                        "Measure the test split, or hold a share of the training rows out.");
            }
        }

        public boolean isTinyLab() {
            return format.equals(TINY_LAB);
        }
    }

    /// Columns of a file by the names that the formats know them by. Each is a column's name, or a
    /// path into it: `answers.good`, `answers.0.text`.
    public record Columns(
            @Parameter(label = "Prompt column", help = "The column that holds the prompt.")
                    @Nullable String prompt,
            @Parameter(
                            label = "Chosen column",
                            help = "The column that holds the preferred answer.")
                    @Nullable String chosen,
            @Parameter(label = "Rejected column", help = "The column that holds the other answer.")
                    @Nullable String rejected,
            @Parameter(
                            label = "Completion column",
                            help = "The column that holds the one answer of rows that have one.")
                    @Nullable String completion,
            @Parameter(
                            label = "Messages column",
                            help =
                                    "The column that holds a whole conversation that ends in the answer.")
                    @Nullable String messages,
            @Parameter(
                            label = "System column",
                            help =
                                    "The column that holds the system's turn; formats flat and"
                                            + " sharegpt-ranking have one.")
                    @Nullable String system,
            @Parameter(
                            label = "Label column",
                            help = "The column that says whether an unpaired answer is good.")
                    @Nullable String label,
            @Parameter(
                            label = "Score of chosen",
                            help = "The column that holds a judge's score, which is checked.")
                    @Nullable String scoreChosen,
            @Parameter(label = "Score of rejected", help = "The column that holds the other score.")
                    @Nullable String scoreRejected,
            @Parameter(
                            label = "Offset column",
                            help =
                                    "The column that holds a pair's margin, for objectives that read one.")
                    @Nullable String offset,
            @Parameter(
                            label = "Weight column",
                            help =
                                    "The column that holds a pair's weight, for objectives that read one.")
                    @Nullable String weight) {
        /// The settings that are given, and the columns they name.
        public Map<String, String> given() {
            Map<String, String> given = new LinkedHashMap<>();
            put(given, "prompt", prompt);
            put(given, "chosen", chosen);
            put(given, "rejected", rejected);
            put(given, "completion", completion);
            put(given, "messages", messages);
            put(given, "system", system);
            put(given, "label", label);
            put(given, "scoreChosen", scoreChosen);
            put(given, "scoreRejected", scoreRejected);
            put(given, "offset", offset);
            put(given, "weight", weight);
            return given;
        }

        private static void put(
                Map<String, String> given, String setting, @Nullable String column) {
            if (column != null) {
                given.put(setting, column);
            }
        }
    }

    /// The frozen model that some objectives measure against.
    public record ReferenceModel(
            @Parameter(
                            label = "Kind",
                            help =
                                    "adapter-disabled: the model without adapter; start: the policy"
                                            + " before training, with the adapter it starts from;"
                                            + " folder: another model. Ignored by reference-free"
                                            + " objectives.",
                            initial = "adapter-disabled")
                    Kind kind,
            @Parameter(label = "Folder", help = "The model of kind folder.", place = Place.FOLDER)
                    @Nullable String path,
            @Parameter(
                            label = "Cache",
                            help =
                                    "Whether its log-probs are computed before step 0 and kept beside"
                                            + " the runs, for other runs of the same model and"
                                            + " rows: auto does so where there is no fresh adapter"
                                            + " to switch off.",
                            initial = "auto")
                    Cache cache) {
        public enum Cache {
            AUTO,
            /// Also with a fresh adapter, which then costs no reference pass while training.
            ALWAYS,
            /// Nothing is kept.
            NEVER
        }

        public enum Kind {
            NONE,
            /// The model's own weights, as they were before step 0.
            ADAPTER_DISABLED,
            /// The policy as it was before step 0, with the adapter it starts from.
            START,
            /// Another model with the same tokenizer.
            FOLDER
        }

        public ReferenceModel {
            if ((kind == Kind.FOLDER) != (path != null)) {
                throw Problem.badRequest(
                        path == null
                                ? "reference.kind is \"folder\", but reference.path is missing."
                                : "reference.path is set, but reference.kind is not \"folder\".",
                        "Give both or neither.");
            }
        }
    }

    /// Which weights are trained.
    public sealed interface Adapter {
        /// Low-rank updates beside frozen weights.
        @Called("LoRA")
        record Lora(
                @Parameter(
                                label = "Rank",
                                symbol = "r",
                                help = "Width of the low-rank update.",
                                source = "SLIME (arXiv 2602.02383): 64",
                                initial = "64",
                                min = 1,
                                max = 4096,
                                low = 4,
                                high = 256,
                                scale = Scale.LOGARITHMIC)
                        int r,
                @Parameter(
                                label = "Alpha",
                                symbol = "α",
                                help = "The update is scaled by α over r, or over its root.",
                                source = "SLIME: 128",
                                initial = "128",
                                above = 0,
                                low = 4,
                                high = 512,
                                scale = Scale.LOGARITHMIC)
                        double alpha,
                @Parameter(
                                label = "Targets",
                                help = "Projections that get an update.",
                                source = "SLIME: all seven",
                                initial =
                                        "[\"q_proj\",\"k_proj\",\"v_proj\",\"o_proj\",\"gate_proj\",\"up_proj\",\"down_proj\"]")
                        List<String> targets,
                @Parameter(
                                label = "Target pattern",
                                help =
                                        "A regular expression over whole paths, such as"
                                                + " model.layers.0.mlp.up_proj; instead of the list,"
                                                + " which must then be empty.")
                        @Nullable String targetPattern,
                @Parameter(
                                label = "Scaling",
                                help =
                                        "alpha-over-r, or rank-stabilised: α / √r, which keeps"
                                                + " updates of high rank from vanishing.",
                                source = "rsLoRA (arXiv 2312.03732)",
                                initial = "alpha-over-r")
                        Scaling scaling,
                @Parameter(
                                label = "Dropout",
                                help =
                                        "The share of an update's inputs that is left out at each"
                                                + " training step.",
                                source = "SLIME: none",
                                initial = "0",
                                min = 0,
                                below = 1,
                                low = 0,
                                high = 0.2)
                        double dropout,
                @Parameter(
                                label = "Trained whole",
                                help = "Modules trained as a whole beside the adapter: lm_head.",
                                initial = "[]")
                        List<String> modulesToSave)
                implements Adapter {
            public Lora {
                Settings.require(Lora.class, "r", r);
                Settings.require(Lora.class, "alpha", alpha);
                Settings.require(Lora.class, "dropout", dropout);
                targets = List.copyOf(targets);
                modulesToSave = List.copyOf(modulesToSave);
            }
        }

        /// What the low-rank product is multiplied by.
        enum Scaling {
            @Called("α over r")
            ALPHA_OVER_R,
            /// Alpha over the square root of the rank.
            RANK_STABILISED
        }

        /// All weights.
        @Called("All weights")
        record Full() implements Adapter {}
    }

    /// Steps, batches, learning rate and AdamW (decoupled weight decay).
    public record Optimization(
            @Parameter(
                            label = "Learning rate",
                            help = "The peak, after warm-up.",
                            source = "SLIME: 5e-7 for 4-billion-parameter models",
                            initial = "5e-7",
                            above = 0,
                            low = 1e-7,
                            high = 1e-2,
                            scale = Scale.LOGARITHMIC)
                    double learningRate,
            @Parameter(
                            label = "Schedule",
                            help = "How the learning rate moves after warm-up.",
                            initial = "linear")
                    Schedule schedule,
            @Parameter(
                            label = "Warm-up",
                            unit = "steps",
                            help = "Steps of linear increase from 0.",
                            initial = "0",
                            min = 0,
                            low = 0,
                            high = 500)
                    int warmupSteps,
            @Parameter(
                            label = "Epochs",
                            help = "Passes over the data; a fraction is allowed.",
                            initial = "1",
                            above = 0,
                            low = 1,
                            high = 5)
                    double epochs,
            @Parameter(
                            label = "Steps",
                            unit = "steps",
                            help = "Stops earlier or goes on longer than the epochs say.",
                            min = 1,
                            low = 10,
                            high = 5000,
                            scale = Scale.LOGARITHMIC)
                    @Nullable Integer maxSteps,
            @Parameter(
                            label = "Batch",
                            unit = "pairs",
                            help = "Pairs per optimiser step.",
                            source = "SLIME: 16 per device",
                            initial = "16",
                            min = 1,
                            low = 1,
                            high = 256,
                            scale = Scale.LOGARITHMIC)
                    int batchPairs,
            @Parameter(
                            label = "Micro-batch",
                            unit = "pairs",
                            help = "Pairs per forward pass; memory only, the result is the same.",
                            source = "SLIME: 8",
                            initial = "8",
                            min = 1,
                            low = 1,
                            high = 64,
                            scale = Scale.LOGARITHMIC)
                    int microBatchPairs,
            @Parameter(
                            label = "Gradient checkpointing",
                            unit = "layers",
                            help =
                                    "Every so-manieth layer keeps only its input and what attention"
                                            + " made of it for the backward pass, which computes the"
                                            + " rest again: less memory, more time, the same result."
                                            + " 1: every layer. Empty: none.",
                            min = 1,
                            low = 1,
                            high = 4)
                    @Nullable Integer gradientCheckpointing,
            @Parameter(
                            label = "Clip gradient at",
                            help = "Largest global L2 norm of the gradient; empty: no clipping.",
                            source = "SLIME: none; transformers: 1",
                            above = 0,
                            low = 0.1,
                            high = 10)
                    @Nullable Double maxGradNorm,
            @Parameter(
                            label = "Weight decay",
                            help = "Decoupled, per step times the learning rate.",
                            initial = "0",
                            min = 0,
                            low = 0,
                            high = 0.2)
                    double weightDecay,
            @Parameter(
                            label = "First moment",
                            symbol = "β₁",
                            help = "Memory of the gradient's mean.",
                            initial = "0.9",
                            min = 0,
                            below = 1)
                    double beta1,
            @Parameter(
                            label = "Second moment",
                            symbol = "β₂",
                            help = "Memory of the gradient's square.",
                            initial = "0.999",
                            min = 0,
                            below = 1)
                    double beta2,
            @Parameter(
                            label = "Epsilon",
                            symbol = "ε",
                            help = "Keeps the division finite.",
                            initial = "1e-8",
                            above = 0)
                    double epsilon) {
        public Optimization {
            Settings.require(Optimization.class, "learningRate", learningRate);
            Settings.require(Optimization.class, "warmupSteps", warmupSteps);
            Settings.require(Optimization.class, "epochs", epochs);
            Settings.require(Optimization.class, "batchPairs", batchPairs);
            Settings.require(Optimization.class, "microBatchPairs", microBatchPairs);
            Settings.require(Optimization.class, "weightDecay", weightDecay);
            Settings.require(Optimization.class, "beta1", beta1);
            Settings.require(Optimization.class, "beta2", beta2);
            Settings.require(Optimization.class, "epsilon", epsilon);
            if (gradientCheckpointing != null) {
                Settings.require(
                        Optimization.class, "gradientCheckpointing", gradientCheckpointing);
            }
            if (maxSteps != null) {
                Settings.require(Optimization.class, "maxSteps", maxSteps);
            }
            if (maxGradNorm != null) {
                Settings.require(Optimization.class, "maxGradNorm", maxGradNorm);
            }
        }

        /// Every so-manieth layer is checkpointed; 0: none.
        public int checkpointedLayers() {
            return gradientCheckpointing == null ? 0 : gradientCheckpointing;
        }
    }

    /// What is measured beside the training batches.
    public record Evaluation(
            @Parameter(
                            label = "Every",
                            unit = "steps",
                            help = "How often; also at step 0 and at the end.",
                            initial = "50",
                            min = 1,
                            low = 5,
                            high = 500)
                    int everySteps,
            @Parameter(
                            label = "Probe",
                            unit = "pairs",
                            help = "Fixed pairs whose log-likelihood is followed.",
                            initial = "32",
                            min = 0,
                            low = 0,
                            high = 256)
                    int probePairs,
            @Parameter(
                            label = "Samples",
                            unit = "prompts",
                            help = "Fixed prompts that are answered greedily and kept as text.",
                            initial = "8",
                            min = 0,
                            low = 0,
                            high = 64)
                    int samplePrompts,
            @Parameter(
                            label = "Scored",
                            unit = "prompts",
                            help =
                                    "Held-out prompts of the built-in corpus that are answered,"
                                            + " greedily and at temperature 1, and scored.",
                            initial = "0",
                            min = 0,
                            max = 240,
                            low = 0,
                            high = 240)
                    int scoredPrompts,
            @Parameter(
                            label = "Scored every",
                            unit = "steps",
                            help =
                                    "How often answers are scored; also at step 0 and at the end. A"
                                            + " multiple of the measurements' own interval.",
                            initial = "50",
                            min = 1,
                            low = 10,
                            high = 500)
                    int scoreEverySteps,
            @Parameter(
                            label = "Costly diagnostics",
                            help =
                                    "Gradient norm of each term, inner product of the answers'"
                                            + " gradients, likelihood of unrelated answers: about"
                                            + " twenty more passes over a few probe pairs each time.",
                            initial = "off")
                    Costly costlyDiagnostics) {
        /// Whether what needs passes of its own is measured too.
        public enum Costly {
            OFF,
            ON
        }

        public Evaluation {
            Settings.require(Evaluation.class, "everySteps", everySteps);
            Settings.require(Evaluation.class, "probePairs", probePairs);
            Settings.require(Evaluation.class, "samplePrompts", samplePrompts);
            Settings.require(Evaluation.class, "scoredPrompts", scoredPrompts);
            Settings.require(Evaluation.class, "scoreEverySteps", scoreEverySteps);
        }
    }

    /// When the whole state of a run is saved, and which states are kept.
    ///
    /// A pause, a stop and a request save it too.
    public record Checkpoint(
            @Parameter(
                            label = "Every",
                            unit = "steps",
                            help = "How often; empty: only when paused, stopped or asked.",
                            initial = "100",
                            min = 1,
                            low = 10,
                            high = 1000,
                            scale = Scale.LOGARITHMIC)
                    @Nullable Integer everySteps,
            @Parameter(
                            label = "Keep",
                            unit = "checkpoints",
                            help = "The latest ones; older ones are deleted.",
                            initial = "3",
                            min = 1,
                            low = 1,
                            high = 20)
                    int keep,
            @Parameter(
                            label = "Keep the best by",
                            help =
                                    "A metric, such as eval/loss: the checkpoint where it is best is"
                                            + " kept as well.")
                    @Nullable String best,
            @Parameter(
                            label = "Best is",
                            help = "Whether a high or a low value of that metric is good.",
                            initial = "highest")
                    Extreme bestIs) {
        public enum Extreme {
            HIGHEST,
            LOWEST
        }

        public Checkpoint {
            if (everySteps != null) {
                Settings.require(Checkpoint.class, "everySteps", everySteps);
            }
            Settings.require(Checkpoint.class, "keep", keep);
        }
    }

    /// Three generators that do not disturb each other.
    public record Seeds(
            @Parameter(
                            label = "Initialisation",
                            help = "Of random weights and adapters, and of dropout.",
                            initial = "0",
                            min = 0)
                    long initialization,
            @Parameter(
                            label = "Order",
                            help = "Of the pairs, epoch by epoch.",
                            initial = "0",
                            min = 0)
                    long order,
            @Parameter(label = "Sampling", help = "Of sampled answers.", initial = "0", min = 0)
                    long sampling) {
        public Seeds {
            Settings.require(Seeds.class, "initialization", (double) initialization);
            Settings.require(Seeds.class, "order", (double) order);
            Settings.require(Seeds.class, "sampling", (double) sampling);
        }
    }
}
