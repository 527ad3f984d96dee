/// Channels beside their peers, in one run. The results are in the README of `channels`.
package io.photophone.bench.channels;
