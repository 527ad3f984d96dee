/// From audio frames to readings and spectra. Depends on model and dsp.
package io.photophone.analysis;
