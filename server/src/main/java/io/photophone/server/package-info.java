/// One class for each resource, the event streams they share, and the server that carries them.
/// Depends on the model, the channels and the read side of the acquisition.
package io.photophone.server;
