package io.photophone.events.profile.export;

import io.photophone.events.profile.Frame;
import io.photophone.events.profile.Mapping;
import org.jspecify.annotations.Nullable;

/// A frame of a call stack with where it was found.
record Location(long address, Frame frame, @Nullable Mapping mapping) {}
