/// A program's own events: declared once, emitted by any thread, read by one; also as JFR's and
/// Linux's user events. Depends on the core alone.
package io.photophone.events.program;
