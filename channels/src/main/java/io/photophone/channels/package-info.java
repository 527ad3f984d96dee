/// Channels that carry messages between threads. Depends on nothing.
package io.photophone.channels;
