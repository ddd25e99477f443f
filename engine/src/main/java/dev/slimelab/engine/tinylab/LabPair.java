package dev.slimelab.engine.tinylab;

/// One preference pair of the tiny lab.
///
/// @param prompt one of the task's two wordings
/// @param chosen a right answer
/// @param rejected an answer with one flaw; its opener and wordings are drawn independently of the
///   chosen answer's
public record LabPair(Task task, String prompt, String chosen, String rejected, Flaw flaw) {}
