package io.photophone.events.profile.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A protobuf message read by field numbers, without a schema.
record Fields(UnknownFieldSet set) {
  static Fields parse(byte[] bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    return new Fields(UnknownFieldSet.parseFrom(in));
  }

  boolean has(int field) {
    return set.hasField(field);
  }

  long number(int field) {
    List<Long> numbers = set.getField(field).getVarintList();
    return numbers.isEmpty() ? 0 : numbers.getLast();
  }

  /// A repeated number, packed or not.
  List<Long> numbers(int field) {
    List<Long> numbers = new ArrayList<>(set.getField(field).getVarintList());
    try {
      for (ByteString packed : set.getField(field).getLengthDelimitedList()) {
        CodedInputStream in = packed.newCodedInput();
        while (!in.isAtEnd()) {
          numbers.add(in.readUInt64());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return numbers;
  }

  String text(int field) {
    List<String> texts = texts(field);
    return texts.isEmpty() ? "" : texts.getLast();
  }

  List<String> texts(int field) {
    return set.getField(field).getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .toList();
  }

  List<Fields> messages(int field) {
    List<Fields> messages = new ArrayList<>();
    for (ByteString bytes : set.getField(field).getLengthDelimitedList()) {
      try {
        messages.add(new Fields(UnknownFieldSet.parseFrom(bytes)));
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
    }
    return messages;
  }
}
