/// Where audio comes from. Depends on the model, and on the JDK's sound for the microphone.
package io.photophone.acquisition.source;
