package io.photophone.events.profile.export;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A protobuf message while it is made, field by field, and used again for the next one. A message
/// within another is complete before it is added, because its length stands before it.
final class ProtoMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream fields = CodedOutputStream.newInstance(bytes, 512);

  ProtoMessage number(int field, long value) throws IOException {
    fields.writeUInt64(field, value);
    return this;
  }

  ProtoMessage text(int field, String value) throws IOException {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage bytes(int field, byte[] value) throws IOException {
    fields.writeByteArray(field, value);
    return this;
  }

  /// Adds another message, and empties that one.
  ProtoMessage message(int field, ProtoMessage within) throws IOException {
    return bytes(field, within.take());
  }

  /// Numbers as one packed field.
  ProtoMessage packed(int field, long[] values) throws IOException {
    int size = 0;
    for (long value : values) {
      size += CodedOutputStream.computeUInt64SizeNoTag(value);
    }
    fields.writeTag(field, 2);
    fields.writeUInt32NoTag(size);
    for (long value : values) {
      fields.writeUInt64NoTag(value);
    }
    return this;
  }

  /// The message's bytes; it is empty then.
  byte[] take() throws IOException {
    fields.flush();
    byte[] taken = bytes.toByteArray();
    bytes.reset();
    return taken;
  }

  boolean isEmpty() throws IOException {
    fields.flush();
    return bytes.size() == 0;
  }
}
