/// Calibrations of a running instrument: the workflow's commands and readings, and the files that
/// keep what was accepted. May depend on the analysis and the server, not on wiring or commands.
@NullMarked
package io.photophone.app.calibration;

import org.jspecify.annotations.NullMarked;
