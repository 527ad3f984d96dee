/// Filters of events: a text, its tree, and what evaluates it: clause by clause, as a class made
/// for it, or in the kernel. Depends on the events' core alone.
package io.photophone.events.filter;
