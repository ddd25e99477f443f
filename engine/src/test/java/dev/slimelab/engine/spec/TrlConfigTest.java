package dev.slimelab.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.objective.Composition;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.TrlObjective.Trainer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Configurations as people write them for TRL's command line.
class TrlConfigTest {
    private static final String MODEL_AND_DATA =
            """
            model_name_or_path: .
            dataset_name: .
            """;

    @TempDir private Path folder;

    @Test
    void dpoWithLora() throws IOException {
        var imported =
                imported(
                        """
                        # trl dpo --config dpo.yaml
                        model_name_or_path: .
                        dtype: bfloat16
                        dataset_name: .
                        dataset_train_split: train_prefs
                        dataset_test_split: test_prefs
                        dataset_num_proc: 8
                        learning_rate: 5.0e-6
                        num_train_epochs: 1
                        per_device_train_batch_size: 4
                        gradient_accumulation_steps: 8
                        lr_scheduler_type: cosine
                        warmup_ratio: 0.1
                        max_steps: 200
                        max_length: 2048
                        max_prompt_length: 1024
                        beta: 0.05
                        loss_type: sigmoid
                        bf16: true
                        use_peft: true
                        lora_r: 32
                        lora_alpha: 16
                        lora_target_modules: all-linear
                        logging_steps: 25
                        eval_strategy: steps
                        eval_steps: 50
                        save_steps: 40
                        seed: 7
                        output_dir: Qwen-DPO
                        report_to: wandb
                        """,
                        Trainer.DPO);
        RunSpec spec = imported.spec(List.of());
        var optimization = spec.optimization();

        assertThat(spec.objective()).isEqualTo(changed(Preset.DPO, 0.05));
        assertThat(optimization.learningRate()).isEqualTo(5e-6);
        assertThat(optimization.batchPairs()).isEqualTo(32);
        assertThat(optimization.microBatchPairs()).isEqualTo(4);
        assertThat(optimization.schedule()).isEqualTo(Schedule.COSINE);
        assertThat(optimization.warmupSteps()).isEqualTo(20);
        assertThat(optimization.maxSteps()).isEqualTo(200);
        assertThat(optimization.epochs()).isEqualTo(1);
        assertThat(optimization.maxGradNorm()).isEqualTo(1);
        assertThat(spec.data().maxLength()).isEqualTo(2048);
        assertThat(spec.data().trainSplit()).isEqualTo("train_prefs");
        assertThat(spec.data().testSplit()).isEqualTo("test_prefs");
        assertThat(spec.model().precision()).isEqualTo(Precision.BF16);
        assertThat(spec.evaluation().everySteps()).isEqualTo(50);
        assertThat(spec.checkpoint().everySteps()).isEqualTo(40);
        assertThat(spec.seeds()).isEqualTo(new RunSpec.Seeds(7, 7, 7));
        assertThat(spec.adapter())
                .isInstanceOfSatisfying(
                        RunSpec.Adapter.Lora.class,
                        lora -> {
                            assertThat(lora.r()).isEqualTo(32);
                            assertThat(lora.alpha()).isEqualTo(16);
                            assertThat(lora.targets()).hasSize(7);
                        });
        assertThat(imported.notes())
                .containsExactly("max_prompt_length has no equivalent and is left out.");
    }

    @Test
    void whatIsAbsentHasTrlsDefault() throws IOException {
        RunSpec spec = imported(MODEL_AND_DATA, Trainer.DPO).spec(List.of());
        var optimization = spec.optimization();

        assertThat(spec.objective()).isEqualTo(Preset.DPO.objective());
        assertThat(optimization.learningRate()).isEqualTo(1e-6);
        assertThat(optimization.epochs()).isEqualTo(3);
        assertThat(optimization.batchPairs()).isEqualTo(8);
        assertThat(optimization.maxGradNorm()).isEqualTo(1);
        assertThat(spec.seeds().order()).isEqualTo(42);
        assertThat(spec.adapter()).isEqualTo(new RunSpec.Adapter.Full());
        assertThat(spec.model().precision()).isEqualTo(Precision.BF16);
    }

    @Test
    void aSumOfLossesAsInMpo() throws IOException {
        RunSpec spec =
                imported(
                                MODEL_AND_DATA
                                        + """
                                        loss_type: [sigmoid, bco_pair, sft]
                                        loss_weights: [0.8, 0.2, 1.0]
                                        """,
                                null)
                        .spec(List.of());

        assertThat(spec.objective()).isEqualTo(Preset.MPO.objective());
    }

    @Test
    void aReferenceThatFollowsThePolicy() throws IOException {
        RunSpec spec =
                imported(
                                MODEL_AND_DATA
                                        + """
                                        sync_ref_model: true
                                        ref_model_mixup_alpha: 0.9
                                        ref_model_sync_steps: 64
                                        """,
                                Trainer.DPO)
                        .spec(List.of());

        assertThat(spec.objective().loop()).isEqualTo(new Loop.ReferenceSync(0.9, 64));
    }

    @Test
    void simpoThroughCpoInJsonAndNumbersThatYamlLeavesStrings() throws IOException {
        RunSpec spec =
                imported(
                                """
                                {"model_name_or_path": ".", "dataset_name": ".", "learning_rate": "6e-7",
                                 "loss_type": "simpo", "cpo_alpha": 0, "beta": 2, "simpo_gamma": 1.0}
                                """,
                                null)
                        .spec(List.of());

        assertThat(spec.objective()).isEqualTo(Preset.SIMPO.objective());
        assertThat(spec.optimization().learningRate()).isEqualTo(6e-7);
    }

    @Test
    void orpo() throws IOException {
        var imported =
                imported(
                        MODEL_AND_DATA
                                + """
                                learning_rate: 8e-6
                                lr_scheduler_type: inverse_sqrt
                                optim: paged_adamw_8bit
                                """,
                        Trainer.ORPO);

        assertThat(imported.spec(List.of()).objective()).isEqualTo(Preset.ORPO.objective());
        assertThat(imported.spec(List.of()).optimization().learningRate()).isEqualTo(8e-6);
        assertThat(imported.notes())
                .containsExactly(
                        "lr_scheduler_type inverse_sqrt has no equivalent; linear is used.",
                        "optim paged_adamw_8bit has no equivalent; AdamW is used.");
    }

    @Test
    void kto() throws IOException {
        var imported = imported(MODEL_AND_DATA + "desirable_weight: 1.33\nuse_peft: true\n", null);
        RunSpec spec = imported.spec(List.of());

        assertThat(spec.objective().needs()).isEqualTo(Preset.KTO.objective().needs());
        assertThat(SpecJson.number(spec, "objective.unary.desirable")).isEqualTo(1.33);
        assertThat(SpecJson.number(spec, "adapter.r")).isEqualTo(16);
        assertThat(imported.notes()).singleElement().asString().contains("counts single answers");
    }

    @Test
    void bco() throws IOException {
        RunSpec spec = imported(MODEL_AND_DATA + "prompt_sample_size: 512\n", null).spec(List.of());

        assertThat(spec.objective()).isEqualTo(changed(Preset.BCO, 0.1));
        assertThat(spec.optimization().learningRate()).isEqualTo(5e-7);
    }

    @Test
    void slimeWithItsThreefoldLossNamed() throws IOException {
        var imported =
                imported(
                        MODEL_AND_DATA
                                + """
                                center_lambda_chosen: 0.8
                                beta: 0.1
                                max_grad_norm: 0
                                """,
                        null);
        RunSpec spec = imported.spec(List.of());

        assertThat(spec.objective()).isEqualTo(Preset.SLIME_CODE.objective());
        assertThat(spec.optimization().maxGradNorm()).isNull();
        assertThat(imported.notes())
                .satisfiesExactly(
                        scale -> assertThat(scale).contains("objective.scale to 3"),
                        beta -> assertThat(beta).startsWith("beta has no equivalent"));
    }

    @Test
    void everythingOfLoraHasItsPlace() throws IOException {
        RunSpec spec =
                imported(
                                MODEL_AND_DATA
                                        + """
                                        use_peft: true
                                        use_rslora: true
                                        lora_dropout: 0.1
                                        disable_dropout: false
                                        lora_target_modules: [q_proj, o_proj]
                                        lora_modules_to_save: [lm_head]
                                        """,
                                Trainer.DPO)
                        .spec(List.of());

        assertThat(spec.adapter())
                .isEqualTo(
                        new RunSpec.Adapter.Lora(
                                16,
                                32,
                                List.of("q_proj", "o_proj"),
                                null,
                                RunSpec.Adapter.Scaling.RANK_STABILISED,
                                0.1,
                                List.of("lm_head")));
    }

    @Test
    void modelAndDataMayComeFromTheCommandLine() throws IOException {
        var imported = imported("beta: 0.2\nmax_length: 512\n", Trainer.DPO);

        assertThatThrownBy(() -> imported.spec(List.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Give model.path");
        RunSpec spec = imported.spec(List.of("model.path=m", "data.path=pairs.jsonl"));
        assertThat(spec.model().precision()).isEqualTo(Precision.BF16);
        assertThat(spec.data().maxLength()).isEqualTo(512);
        assertThat(spec.data().path())
                .isEqualTo(Path.of("pairs.jsonl").toAbsolutePath().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sync_ref_model: true; precompute_ref_log_probs: true | sync_ref_model",
                "sync_ref_model: true; use_peft: true | TRL refuses it",
                "bf16: true; fp16: true | both on",
                "warmup_ratio: 0.1; warmup_steps: 10 | Keep one",
                "lora_r: 8 | use_peft is not on",
                "loss_type: [sigmoid, sft]; loss_weights: [1.0] | 1 numbers and loss_type 2",
                "reference_free: true; precompute_ref_log_probs: true | no reference",
                "load_in_4bit: true; load_in_8bit: true | both on",
                "beta: high | must be a number",
                "learning_rate: fast | must be a number",
                "loss_type: nothing | loss_type nothing",
                "beta: [ | YAML",
                "beta: 0.1; beta: 0.2 | twice",
            })
    void contradictionsAndWrongValuesAreRefused(String lines, String reason) {
        assertThatThrownBy(
                        () ->
                                imported(
                                        MODEL_AND_DATA + lines.replace("; ", "\n") + "\n",
                                        Trainer.DPO))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"beta: 0.1\n", "cpo_alpha: 1\ndesirable_weight: 1\n"})
    void aFileThatTellsNoTrainerIsRefusedWithTheChoice(String settings) {
        assertThatThrownBy(() -> imported(settings, null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("dpo, dpo-027, cpo, orpo, kto, bco, slime");
    }

    private TrlConfig.Imported imported(String text, @Nullable Trainer trainer) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, text);
        return TrlConfig.read(file, trainer);
    }

    private static Objective changed(Preset preset, double beta) {
        return Composition.of(preset.objective()).beta(beta).build();
    }
}
