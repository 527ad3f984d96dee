/// Opens the kernel's ring to its stress test. Depends on events.
package io.photophone.events.linux;
