/// The live sequence of frames and those who consume it. Depends on model and channels.
package io.photophone.acquisition.stream;
