/// The program's entry.
@NullMarked
package io.photophone.app;

import org.jspecify.annotations.NullMarked;
