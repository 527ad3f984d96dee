/// The cell's resonance: sweeps of the laser's modulation and what they say, and the resonance
/// followed while measuring. Depends on the model and on dsp; the graph depends on it.
package io.photophone.analysis.resonance;
