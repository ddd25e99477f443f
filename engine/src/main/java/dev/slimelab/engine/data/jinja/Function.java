package dev.slimelab.engine.data.jinja;

/// A value that can be called: a macro, a method of a value, a global function.
@FunctionalInterface
interface Function {
    Object call(Arguments arguments);
}
