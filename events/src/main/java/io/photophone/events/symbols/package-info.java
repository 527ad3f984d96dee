/// Names of addresses in the kernel, in programs and in compiled Java code, and the call stacks
/// that lead there. Depends on no other package of the module.
package io.photophone.events.symbols;
