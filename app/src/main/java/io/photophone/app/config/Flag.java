package io.photophone.app.config;

/// A setting from the command line.
///
/// @param name the flag as the user typed it: `--port`
/// @param path of the setting: `server.port`
/// @param text its value
public record Flag(String name, String path, String text) {}
