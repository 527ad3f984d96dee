/// Event Tracing for Windows (ETW): a live session, and recordings of one. **Never run on Windows
/// yet**: tests read hand-made records, and a stand-in takes the place of Windows. Needs the core.
package io.photophone.events.windows;
