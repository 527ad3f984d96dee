/// What a program makes of frames for itself, beside the measurement. Depends on the model, the
/// stream and signal processing.
package io.photophone.acquisition.processing;
