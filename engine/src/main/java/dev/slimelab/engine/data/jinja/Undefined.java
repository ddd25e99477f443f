package dev.slimelab.engine.data.jinja;

/// The value of what does not exist: prints as nothing, is false and empty, and fails where more is
/// asked of it.
///
/// @param why what does not exist, for the message of that failure
record Undefined(String why) {
    Failure used() {
        return Failure.of(why);
    }
}
