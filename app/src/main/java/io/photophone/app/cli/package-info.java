/// One class for each command.
@NullMarked
package io.photophone.app.cli;

import org.jspecify.annotations.NullMarked;
