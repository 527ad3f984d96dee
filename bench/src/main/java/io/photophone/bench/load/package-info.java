/// The streaming server under load, beside two plain servers in the same run, and its soak. What is
/// measured is the program itself, in a process of its own. Needs Linux.
package io.photophone.bench.load;
