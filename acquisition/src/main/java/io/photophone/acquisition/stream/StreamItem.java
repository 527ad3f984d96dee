package io.photophone.acquisition.stream;

import io.photophone.model.AudioFrame;

/// What the stream's ring holds, in order: frames, and the ends of sources among them.
sealed interface StreamItem {

  record Frame(AudioFrame frame) implements StreamItem {}

  record End(String reason) implements StreamItem {}
}
