package io.photophone.server;

/// How much the program does and what it takes for it, over the last second. Contract: A39.
///
/// @param framesPerSecond of all instruments
/// @param activeConsumers of all instruments' frames, clients included
/// @param memoryMb that the virtual machine uses, heap and other, 10^6 bytes
/// @param cpuPercent processor time over time; 100 is one processor
/// @param networkMbitPerS what the server wrote to its clients, 10^6 bits a second
public record SystemMetrics(
    double framesPerSecond,
    int activeConsumers,
    double memoryMb,
    double cpuPercent,
    double networkMbitPerS) {}
