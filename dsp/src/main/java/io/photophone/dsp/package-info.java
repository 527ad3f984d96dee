/// Signal processing. Depends on nothing.
package io.photophone.dsp;
