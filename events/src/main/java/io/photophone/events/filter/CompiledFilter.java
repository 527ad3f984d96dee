package io.photophone.events.filter;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;

/// What the classes that [FilterCompiler] makes extend.
abstract class CompiledFilter implements EventFilter {
  private final EventFormat format;

  CompiledFilter(EventFormat format) {
    this.format = format;
  }

  @Override
  public final boolean isFor(EventFormat other) {
    return other == format;
  }
}
