/// Rings of byte messages in a memory-mapped file, for two processes in Java, C or Python.
///
/// Depends on nothing but `java.base`. The bytes are described in `docs/formats/shared-ring.md`.
package io.photophone.channels.shared;
