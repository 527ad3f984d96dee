/// The log: how an entry is written, where it goes, and how many. Depends on the configuration.
@org.jspecify.annotations.NullMarked
package io.photophone.app.logging;
