package io.photophone.server.protocol;

/// How the Modbus server is doing, at one moment.
///
/// @param address where it listens
/// @param connections open at present
/// @param accepted connections since it began
/// @param refused connections from addresses that aren't allowed
/// @param full connections refused because there were too many
/// @param idle connections cut because nothing came
/// @param malformed connections cut because what came was no Modbus
/// @param requests answered, exceptions among them
/// @param exceptions requests answered with an exception
/// @param missed readings that came too fast to be seen
public record ModbusServerState(
    String address,
    int connections,
    long accepted,
    long refused,
    long full,
    long idle,
    long malformed,
    long requests,
    long exceptions,
    long missed) {}
