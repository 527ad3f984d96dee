/// The thread that reads a source and publishes its frames. Depends on source and stream.
package io.photophone.acquisition.daemon;
