/// What a JVM did, told by its flight recorder, as events of the common form: of this JVM while it
/// runs, of a file, or of another JVM's repository. Depends on the core alone.
package io.photophone.events.jfr;
