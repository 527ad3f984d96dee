/// Formats, fields, events and interning: what every other package of the module builds on. Needs
/// no native access and depends on no other package.
package io.photophone.events;
