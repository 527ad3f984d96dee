/// The configuration of the program: its types, the table of its settings, and how a file,
/// environment variables and flags become one. Depends on the configuration types of the stages.
@NullMarked
package io.photophone.app.config;

import org.jspecify.annotations.NullMarked;
