/// Names and stacks of Java code in any JVM on this machine, without an agent, an attachment or a
/// flag in it. Depends on the core, `linux` and `symbols`.
package io.photophone.events.hotspot;
