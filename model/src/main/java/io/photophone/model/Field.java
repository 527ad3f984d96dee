package io.photophone.model;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A named value of a record type: what store, API, dump and command line call it and how they get
/// it.
///
/// @param <T> the record
/// @param name in snake case, the unit in the name
/// @param description one sentence for documents and headings
/// @param value null where the record has no such value; else a `String`, `Long`, `Double` or a
///   list of strings. A `Double` is finite.
public record Field<T>(String name, String description, Function<T, @Nullable Object> value) {}
