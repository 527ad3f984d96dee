/// Opens the shared rings to their stress tests. Depends on channels.
package io.photophone.channels.shared;
