/// The only place that knows everyone: the wiring of a running instrument, and what it holds of the
/// machine. May depend on all.
@NullMarked
package io.photophone.app;

import org.jspecify.annotations.NullMarked;
