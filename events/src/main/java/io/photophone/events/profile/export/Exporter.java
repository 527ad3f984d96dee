package io.photophone.events.profile.export;

import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import java.io.IOException;
import java.io.OutputStream;

/// A format of a file that a profile can be written to. Users may add their own to [Exports].
public interface Exporter {
  /// How the names of its files end: `.pb.gz`.
  String suffix();

  /// Writes the profile, and how much it lacks; the stream stays open.
  ///
  /// @return what the profile lacks, with the frames that had no name
  Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException;
}
