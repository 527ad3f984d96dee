/// Where audio comes from. Depends on the model only.
package io.photophone.acquisition.source;
