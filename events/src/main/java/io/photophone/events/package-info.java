/// The form of every event: formats, fields, references, callbacks, and what callbacks share. Knows
/// of no operating system and calls nothing native; depends on no other package.
package io.photophone.events;
