package io.photophone.events.profile;

import org.jspecify.annotations.Nullable;

/// What a process has mapped since its birth or its last `exec`. A forked one has all that its
/// parent had at that time; it refers to the parent's rather than copying it, so that a fork costs
/// the same however much is mapped.
final class AddressSpace {
  private final long sinceNanos;
  private final Mappings own = new Mappings();
  private final @Nullable AddressSpace inherited;

  private AddressSpace(long sinceNanos, @Nullable AddressSpace inherited) {
    this.sinceNanos = sinceNanos;
    this.inherited = inherited;
  }

  static AddressSpace empty(long sinceNanos) {
    return new AddressSpace(sinceNanos, null);
  }

  static AddressSpace forked(AddressSpace parent, long sinceNanos) {
    return new AddressSpace(sinceNanos, parent);
  }

  long sinceNanos() {
    return sinceNanos;
  }

  void add(Mapping mapping) {
    own.add(mapping);
  }

  @Nullable Mapping find(long address, long timeNanos) {
    AddressSpace space = this;
    long upTo = timeNanos;
    while (space != null) {
      Mapping mapping = space.own.find(address, upTo);
      if (mapping != null) {
        return mapping;
      }
      upTo = Math.min(upTo, space.sinceNanos);
      space = space.inherited;
    }
    return null;
  }
}
