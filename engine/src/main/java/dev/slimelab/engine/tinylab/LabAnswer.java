package dev.slimelab.engine.tinylab;

/// One prompt with one answer to imitate, for pretraining and supervised fine-tuning.
public record LabAnswer(Task task, String prompt, String answer) {}
