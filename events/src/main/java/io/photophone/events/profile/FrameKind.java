package io.photophone.events.profile;

/// Where the code of a frame comes from.
public enum FrameKind {
  KERNEL,
  NATIVE,
  JAVA,
  UNKNOWN
}
