/// Why a reading was late: what threads did, from an always-on record of kernel, JVM and program.
/// Knows the form of events (`io.photophone.events`) and nothing else.
package io.photophone.events.timeline;
