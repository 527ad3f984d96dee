/// The measurement as a graph of nodes, from audio frames to readings, spectra and meters. Depends
/// on the other packages of this module; none of them depends on it.
package io.photophone.analysis.graph;
