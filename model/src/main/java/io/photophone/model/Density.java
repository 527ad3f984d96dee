package io.photophone.model;

/// The power density of one interval over frequency, one-sided.
///
/// @param startIndex absolute index of the interval's first sample
/// @param endIndex index behind its last sample
/// @param stepHz from one bin to the next; the first is at 0 Hz
/// @param segments how many segments without a missing sample the average is of
/// @param missing samples that were lost or are no finite number
/// @param density full-scale units squared for each hertz; NaN if there are no segments. The
///   record's own array: read only
public record Density(
    long startIndex, long endIndex, double stepHz, int segments, int missing, double[] density) {}
