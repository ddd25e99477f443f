package dev.slimelab.engine.data.jinja;

/// Python's `None`.
enum None {
    NONE
}
