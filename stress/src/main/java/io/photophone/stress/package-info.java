/// Concurrency tests of the lock-free classes, each interleaving named by a sentence. Depends on
/// channels and jcstress.
package io.photophone.stress;
