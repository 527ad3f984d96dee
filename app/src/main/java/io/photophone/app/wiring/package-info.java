/// Puts the parts together: a running instrument, its web server, and what they hold of the
/// machine. May depend on all but the commands.
@NullMarked
package io.photophone.app.wiring;

import org.jspecify.annotations.NullMarked;
