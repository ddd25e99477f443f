package dev.slimelab.engine.spec;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.TrlObjective.Trainer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A configuration of TRL's command line or of its `…Config` classes as a spec: objective, training
/// arguments, LoRA, model and data. What is absent has TRL's default, not ours.
public final class TrlConfig {
    /// A spec and what of the configuration it does not hold, one sentence each.
    ///
    /// @param tree as in `spec.json`; model and data may have no path yet
    public record Imported(ObjectNode tree, List<String> notes) {
        public Imported {
            notes = List.copyOf(notes);
        }

        /// The spec, with `path=value` changes.
        ///
        /// @throws Problem bad request: where model or data are named nowhere
        public RunSpec spec(List<String> changes) {
            ObjectNode changed = tree.deepCopy();
            changes.forEach(change -> SpecJson.change(changed, change));
            SpecJson.resolveFiles(changed, Path.of("").toAbsolutePath());
            return SpecJson.fromTree(changed);
        }
    }

    /// What changes neither result nor data: logging, storage, and how the work is spread.
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "activation_offloading",
                    "attn_implementation",
                    "auto_find_batch_size",
                    "dataloader_num_workers",
                    "dataloader_pin_memory",
                    "dataloader_prefetch_factor",
                    "dataset_num_proc",
                    "ddp_find_unused_parameters",
                    "ddp_timeout",
                    "deepspeed",
                    "disable_tqdm",
                    "do_eval",
                    "do_train",
                    "eval_on_start",
                    "eval_strategy",
                    "evaluation_strategy",
                    "fsdp",
                    "fsdp_config",
                    "generate_during_eval",
                    "gradient_checkpointing",
                    "gradient_checkpointing_kwargs",
                    "hub_model_id",
                    "hub_strategy",
                    "is_encoder_decoder",
                    "log_level",
                    "logging_dir",
                    "logging_first_step",
                    "logging_steps",
                    "logging_strategy",
                    "lora_task_type",
                    "model_revision",
                    "output_dir",
                    "overwrite_output_dir",
                    "pad_to_multiple_of",
                    "per_device_eval_batch_size",
                    "precompute_ref_batch_size",
                    "precompute_ref_log_probs",
                    "push_to_hub",
                    "remove_unused_columns",
                    "report_to",
                    "save_only_model",
                    "save_safetensors",
                    "save_strategy",
                    "tf32",
                    "trust_remote_code",
                    "use_cache",
                    "use_liger_kernel");

    /// What [TrlObjective] reads, beside what its trainer does not know.
    private static final Map<Trainer, Set<String>> OF_OBJECTIVE =
            Map.of(
                    Trainer.DPO, dpo(),
                    Trainer.DPO_027, dpo(),
                    Trainer.CPO,
                            Set.of(
                                    "beta",
                                    "loss_type",
                                    "label_smoothing",
                                    "simpo_gamma",
                                    "cpo_alpha",
                                    "alpha"),
                    Trainer.ORPO, Set.of("beta"),
                    Trainer.KTO,
                            Set.of(
                                    "beta",
                                    "loss_type",
                                    "desirable_weight",
                                    "undesirable_weight",
                                    "sync_ref_model",
                                    "ref_model_mixup_alpha",
                                    "ref_model_sync_steps"),
                    Trainer.BCO, Set.of("beta"),
                    Trainer.SLIME,
                            Set.of(
                                    "center_lambda_chosen",
                                    "center_lambda_rejected",
                                    "rejected_penalty_shift",
                                    "dist_lambda",
                                    "hard_margin",
                                    "soft_margin",
                                    "soft_slope",
                                    "rejected_power"));

    private static Set<String> dpo() {
        return Set.of(
                "beta",
                "loss_type",
                "loss_weights",
                "label_smoothing",
                "ld_alpha",
                "reference_free",
                "f_divergence_type",
                "f_alpha_divergence_coef",
                "use_weighting",
                "discopop_tau",
                "sync_ref_model",
                "ref_model_mixup_alpha",
                "ref_model_sync_steps");
    }

    /// Settings that only one trainer has, by which a file without a trainer's name is recognised.
    private static final Map<String, Trainer> TELLING =
            Map.of(
                    "center_lambda_chosen", Trainer.SLIME,
                    "dist_lambda", Trainer.SLIME,
                    "cpo_alpha", Trainer.CPO,
                    "simpo_gamma", Trainer.CPO,
                    "desirable_weight", Trainer.KTO,
                    "prompt_sample_size", Trainer.BCO,
                    "min_density_ratio", Trainer.BCO,
                    "loss_weights", Trainer.DPO,
                    "f_divergence_type", Trainer.DPO,
                    "use_weighting", Trainer.DPO);

    private static final Set<String> ADAMW =
            Set.of("adamw_torch", "adamw_torch_fused", "adamw_hf", "adamw_apex_fused");

    private static final List<String> ALL_LINEAR =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    /// PEFT's own targets for Llama, Qwen and Gemma.
    private static final List<String> PEFT_TARGETS = List.of("q_proj", "v_proj");

    /// TRL takes a number in quotes for a number.
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private final Trainer trainer;
    private final ObjectNode config;
    private final Set<String> read = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();

    private TrlConfig(Trainer trainer, ObjectNode config) {
        this.trainer = trainer;
        this.config = config;
    }

    /// Reads a YAML or JSON file.
    ///
    /// @param trainer whose configuration it is; null: as its settings tell
    /// @throws Problem bad request: with file and line where it cannot be read, and with the
    ///   settings where they contradict each other
    public static Imported read(Path file, @Nullable Trainer trainer) {
        ObjectNode config = tree(file);
        return new TrlConfig(trainer == null ? recognised(file, config) : trainer, config)
                .imported();
    }

    /// A reader of YAML reads JSON too.
    private static ObjectNode tree(Path file) {
        return typed(SpecJson.tree(file, SpecText.Format.YAML));
    }

    private static ObjectNode typed(ObjectNode given) {
        ObjectNode typed = JsonMapper.shared().createObjectNode();
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                continue; // TRL's None is its default
            }
            if (value.isString() && NUMBER.matcher(value.stringValue()).matches()) {
                typed.put(entry.getKey(), Double.parseDouble(value.stringValue()));
            } else {
                typed.set(entry.getKey(), value);
            }
        }
        return typed;
    }

    private static Trainer recognised(Path file, ObjectNode config) {
        Set<Trainer> told = EnumSet.noneOf(Trainer.class);
        TELLING.forEach(
                (setting, trainer) -> {
                    if (config.has(setting)) {
                        told.add(trainer);
                    }
                });
        if (told.contains(Trainer.SLIME)) {
            told.remove(Trainer.DPO); // whose settings SlimeConfig inherits
        }
        if (told.size() != 1) {
            throw Problem.badRequest(
                    file + " does not tell which trainer it is for.",
                    "Add --trainer, one of " + Trainer.words() + ".");
        }
        return told.iterator().next();
    }

    private Imported imported() {
        Set<String> ofObjective = requireNonNull(OF_OBJECTIVE.get(trainer));
        ofObjective.forEach(this::requireKind);
        read.addAll(ofObjective);
        Objective objective = TrlObjective.of(trainer, config);
        refuseContradictions(objective);
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.put("name", name());
        spec.set("model", model());
        spec.set("data", data());
        spec.set("objective", SpecJson.toTree(objective));
        spec.set("adapter", adapter());
        spec.set("optimization", optimization());
        measurements(spec);
        seeds(spec);
        if (trainer == Trainer.SLIME) {
            notes.add(
                    "The SLIME reference code trains 3 times this loss by accident; with clipping that"
                            + " matters: set objective.scale to 3 to do the same.");
        }
        if (trainer == Trainer.KTO || trainer == Trainer.BCO) {
            notes.add(
                    "A batch counts single answers in this trainer and pairs here; a row may lack"
                            + " either answer.");
        }
        reportTheRest();
        return new Imported(spec, notes);
    }

    private String name() {
        String name = text("run_name", "");
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
                ? name
                : Settings.word(trainer.name());
    }

    private void refuseContradictions(Objective objective) {
        refuse(
                flag("bf16") && flag("fp16"),
                "bf16 and fp16 are both on.",
                "Keep one; this engine knows bf16.");
        refuse(
                flag("load_in_4bit") && flag("load_in_8bit"),
                "load_in_4bit and load_in_8bit are both on.",
                "Take both out; this engine does not quantise.");
        refuse(
                number("warmup_steps", 0) > 0 && number("warmup_ratio", 0) > 0,
                "warmup_steps and warmup_ratio are both given.",
                "Keep one.");
        boolean syncs = flag("sync_ref_model");
        refuse(
                syncs && flag("precompute_ref_log_probs"),
                "sync_ref_model moves the reference whose log-probs precompute_ref_log_probs fixes.",
                "Switch one of them off.");
        refuse(
                syncs && flag("use_peft"),
                "sync_ref_model with use_peft: TRL refuses it, because an adapter's reference is its"
                        + " base model.",
                "Switch one of them off.");
        refuse(
                config.path("loss_weights").isArray()
                        && config.path("loss_weights").size()
                                != Math.max(1, config.path("loss_type").size()),
                "loss_weights has "
                        + config.path("loss_weights").size()
                        + " numbers and loss_type "
                        + Math.max(1, config.path("loss_type").size())
                        + " losses.",
                "Give each loss one weight.");
        refuse(
                !flag("use_peft")
                        && config.propertyNames().stream()
                                .anyMatch(
                                        key ->
                                                key.startsWith("lora_")
                                                        && !WITHOUT_EFFECT.contains(key)),
                "LoRA is configured, but use_peft is not on, so TRL would train all weights.",
                "Set use_peft: true, or take out what begins with lora_.");
        refuse(
                flag("precompute_ref_log_probs") && !objective.needsReference(),
                "precompute_ref_log_probs is on, but the objective has no reference.",
                "Take it out.");
    }

    private static void refuse(boolean contradictory, String what, String remedy) {
        if (contradictory) {
            throw Problem.badRequest(what, remedy);
        }
    }

    private ObjectNode model() {
        ObjectNode model = JsonMapper.shared().createObjectNode();
        String path = text("model_name_or_path", "");
        if (!path.isEmpty()) {
            model.put("path", path);
            noteMissing("model_name_or_path", path, "model.path");
        }
        String type = text("dtype", text("torch_dtype", "auto"));
        boolean half = type.equals("bfloat16") || flag("bf16", !flag("fp16"));
        model.put("precision", half ? "bf16" : "fp32");
        if (flag("fp16")) {
            notes.add(
                    "fp16 has no equivalent; fp32 is used. bf16 is as fast and does not overflow.");
        }
        return model;
    }

    private ObjectNode data() {
        ObjectNode data = JsonMapper.shared().createObjectNode();
        JsonNode mixture = config.path("datasets");
        read.add("datasets");
        if (mixture.size() > 1) {
            throw Problem.badRequest(
                    "datasets mixes " + mixture.size() + " data sets, and a run here has one file.",
                    "Join them into one file first.");
        }
        String path =
                text(
                        "dataset_name",
                        mixture.path(0)
                                .path("data_files")
                                .asString(mixture.path(0).path("path").asString("")));
        if (!path.isEmpty()) {
            data.put("path", path);
            noteMissing("dataset_name", path, "data.path");
        }
        String trainSplit = text("dataset_train_split", "train");
        if (!trainSplit.equals("train")) {
            data.put("trainSplit", trainSplit);
        }
        String testSplit = text("dataset_test_split", "");
        if (!testSplit.isEmpty() && !text("eval_strategy", "no").equals("no")) {
            data.put("testSplit", testSplit);
        }
        data.put("maxLength", whole("max_length", 1024));
        if (text("truncation_mode", "keep_start").equals("keep_end")) {
            notes.add(
                    "truncation_mode keep_end has no equivalent; what is beyond max_length is cut off.");
        }
        double held = number("test_split_size", 0);
        if (held > 0 && held < 1) {
            data.put("evaluationFraction", held);
        }
        return data;
    }

    private void noteMissing(String setting, String path, String ours) {
        if (!Files.exists(Path.of(path))) {
            notes.add(
                    setting
                            + " \""
                            + path
                            + "\" is not on this disk; download it and set "
                            + ours
                            + ".");
        }
    }

    private ObjectNode adapter() {
        ObjectNode adapter = JsonMapper.shared().createObjectNode();
        if (!flag("use_peft")) {
            return adapter.put("kind", "full");
        }
        adapter.put("kind", "lora");
        adapter.put("r", whole("lora_r", 16));
        adapter.put("alpha", number("lora_alpha", 32));
        adapter.put("scaling", flag("use_rslora") ? "rank-stabilised" : "alpha-over-r");
        ArrayNode targets = adapter.putArray("targets");
        targets().forEach(targets::add);
        double dropout = number("lora_dropout", 0.05);
        adapter.put("dropout", flag("disable_dropout", true) ? 0 : dropout);
        ArrayNode whole = adapter.putArray("modulesToSave");
        words("lora_modules_to_save").forEach(whole::add);
        return adapter;
    }

    private List<String> targets() {
        List<String> names = words("lora_target_modules");
        return names.isEmpty()
                ? PEFT_TARGETS
                : names.equals(List.of("all-linear")) ? ALL_LINEAR : names;
    }

    /// A list, or its words in one string.
    private List<String> words(String name) {
        read.add(name);
        JsonNode given = config.path(name);
        return given.isArray()
                ? given.values().stream().map(JsonNode::asString).toList()
                : given.isString() ? List.of(given.stringValue().split("[ ,]+", -1)) : List.of();
    }

    private ObjectNode optimization() {
        ObjectNode optimization = JsonMapper.shared().createObjectNode();
        int perDevice = whole("per_device_train_batch_size", 8);
        optimization.put(
                "learningRate", number("learning_rate", trainer == Trainer.BCO ? 5e-7 : 1e-6));
        optimization.put("epochs", number("num_train_epochs", 3));
        int steps = whole("max_steps", -1);
        if (steps > 0) {
            optimization.put("maxSteps", steps);
        }
        optimization.put("batchPairs", perDevice * whole("gradient_accumulation_steps", 1));
        optimization.put("microBatchPairs", perDevice);
        String schedule = text("lr_scheduler_type", "linear");
        optimization.put("schedule", schedule(schedule));
        optimization.put("warmupSteps", schedule.equals("constant") ? 0 : warmup(steps));
        double norm = number("max_grad_norm", 1);
        if (norm > 0) {
            optimization.put("maxGradNorm", norm);
        }
        optimization.put("weightDecay", number("weight_decay", 0));
        optimization.put("beta1", number("adam_beta1", 0.9));
        optimization.put("beta2", number("adam_beta2", 0.999));
        optimization.put("epsilon", number("adam_epsilon", 1e-8));
        if (!ADAMW.contains(text("optim", "adamw_torch"))) {
            notes.add("optim " + text("optim", "") + " has no equivalent; AdamW is used.");
        }
        return optimization;
    }

    private String schedule(String theirs) {
        return switch (theirs) {
            case "linear", "cosine", "constant" -> theirs;
            case "constant_with_warmup" -> "constant";
            default -> {
                notes.add("lr_scheduler_type " + theirs + " has no equivalent; linear is used.");
                yield "linear";
            }
        };
    }

    /// A number of steps, or a share of them: `warmup_ratio`, or `warmup_steps` below 1.
    private int warmup(int steps) {
        double given = number("warmup_steps", 0);
        double share = given > 0 && given < 1 ? given : number("warmup_ratio", 0);
        if (share == 0) {
            return (int) given;
        }
        if (steps > 0) {
            return (int) Math.ceil(share * steps);
        }
        notes.add(
                "A warm-up over "
                        + Settings.number(share)
                        + " of the steps has no equivalent; set optimization.warmupSteps once you know"
                        + " their number.");
        return 0;
    }

    private void measurements(ObjectNode spec) {
        int evaluateEvery = whole("eval_steps", 0);
        if (evaluateEvery > 0) {
            spec.putObject("evaluation").put("everySteps", evaluateEvery);
        }
        ObjectNode checkpoint = spec.putObject("checkpoint");
        int saveEvery = whole("save_steps", 0);
        if (saveEvery > 0) {
            checkpoint.put("everySteps", saveEvery);
        }
        int keep = whole("save_total_limit", 0);
        if (keep > 0) {
            checkpoint.put("keep", keep);
        }
    }

    private void seeds(ObjectNode spec) {
        int seed = whole("seed", 42);
        spec.putObject("seeds")
                .put("initialization", seed)
                .put("order", whole("data_seed", seed))
                .put("sampling", seed);
    }

    private void reportTheRest() {
        for (String key : config.propertyNames()) {
            boolean off = config.get(key).isBoolean() && !config.get(key).booleanValue();
            if (!read.contains(key) && !WITHOUT_EFFECT.contains(key) && !off) {
                notes.add(key + " has no equivalent and is left out.");
            }
        }
    }

    private void requireKind(String objectiveSetting) {
        JsonNode given = config.path(objectiveSetting);
        boolean word =
                objectiveSetting.equals("loss_type")
                        || objectiveSetting.equals("f_divergence_type");
        boolean legal =
                given.isMissingNode()
                        || given.isArray()
                        || (word ? given.isString() : given.isNumber() || given.isBoolean());
        if (!legal) {
            throw wrong(objectiveSetting, given, word ? "a word" : "a number or a switch");
        }
    }

    private double number(String name, double initial) {
        read.add(name);
        JsonNode given = config.path(name);
        if (given.isMissingNode()) {
            return initial;
        }
        if (!given.isNumber()) {
            throw wrong(name, given, "a number");
        }
        return given.doubleValue();
    }

    private int whole(String name, int initial) {
        double value = number(name, initial);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw wrong(name, config.get(name), "a whole number");
        }
        return (int) value;
    }

    private boolean flag(String name) {
        return flag(name, false);
    }

    private boolean flag(String name, boolean initial) {
        read.add(name);
        JsonNode given = config.path(name);
        if (given.isMissingNode()) {
            return initial;
        }
        return switch (given.asString("").toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw wrong(name, given, "true or false");
        };
    }

    private String text(String name, String initial) {
        read.add(name);
        return config.path(name).asString(initial);
    }

    private static Problem wrong(String name, JsonNode given, String expected) {
        return Problem.badRequest(
                name + " is " + given + ", but must be " + expected + ".", "Change " + name + ".");
    }
}
