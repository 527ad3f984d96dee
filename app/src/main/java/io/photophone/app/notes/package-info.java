/// What a server notes of itself all the time, and what it makes of that when somebody asks why a
/// reading was late.
@org.jspecify.annotations.NullMarked
package io.photophone.app.notes;
