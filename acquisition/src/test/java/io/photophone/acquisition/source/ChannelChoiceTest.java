package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
final class ChannelChoiceTest {

  @Test
  void two_channels_are_microphone_a_and_microphone_b() {
    assertEquals(new ChannelChoice.Pair(3, 1), ChannelChoice.parse("3,1"));
    assertEquals(new ChannelChoice.Pair(1, 2), ChannelChoice.parse(" 1 , 2 "));
  }

  @Test
  void one_channel_is_microphone_a_alone() {
    assertEquals(new ChannelChoice.Single(4), ChannelChoice.parse("4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", "1,", ",2", "1,2,3", "a", "1;2", "-1", "1.5", "999999"})
  void other_text_is_refused_with_the_text(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> ChannelChoice.parse(text));
    assertEquals(
        "channels are \"%s\", allowed: two channels as in 1,2 or one as in 1".formatted(text),
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0,1", "1,0"})
  void channels_count_from_one(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> ChannelChoice.parse(text));
    assertEquals("channel is 0, allowed: 1 or more", e.getMessage());
  }

  @Test
  void one_channel_is_not_both_microphones() {
    var e = assertThrows(IllegalArgumentException.class, () -> ChannelChoice.parse("2,2"));
    assertEquals("channel 2 can't be both microphones: A − B would be 0", e.getMessage());
  }
}
