package io.photophone.dsp;

/// A taper for a block of samples, in its periodic form.
public enum Window {
  RECTANGULAR,
  HANN
}
