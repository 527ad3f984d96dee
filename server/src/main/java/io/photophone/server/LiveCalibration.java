package io.photophone.server;

import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// What the server tells of an instrument's calibrations, and how it asks for a new one. For any
/// thread.
///
/// @param history all calibrations and those in force
/// @param state where the calibration under way is, and what comes next
/// @param commands carries a command out; throws an [IllegalArgumentException] for a wrong value,
///   an [IllegalStateException] where the state doesn't allow the command, an
///   [java.io.UncheckedIOException] where its result can't be kept. Nothing has changed then
public record LiveCalibration(
    Supplier<JsonNode> history, Supplier<JsonNode> state, Consumer<CalibrationCommand> commands) {}
