/// Benchmarks, beside named peers where there are any. Nothing depends on them.
package io.photophone.bench;
