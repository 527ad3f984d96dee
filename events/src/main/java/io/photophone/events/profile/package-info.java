/// What was recorded about processes: their mappings, samples, call stacks and spans, within a
/// bound. Depends on the core package only; sessions fill it and `export` writes it to files.
package io.photophone.events.profile;
