package io.photophone.events.symbols;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Builds small ELF files: the header, program headers, the sections' contents and their headers.
final class ElfBytes {
  private record Section(
      String name, int type, long flags, long address, int link, byte[] content) {}

  private record Segment(int type, long offset, long address, long size) {}

  /// The first section starts here, whatever the number of segments.
  static final int CONTENT_AT = 0x400;

  private final List<Section> sections = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private int contentSize;

  ElfBytes() {
    sections.add(new Section("", 0, 0, 0, 0, new byte[0]));
  }

  /// Adds a section.
  ///
  /// @return its index
  int section(String name, int type, long flags, long address, int link, byte[] content) {
    sections.add(new Section(name, type, flags, address, link, content));
    contentSize += padded(content.length);
    return sections.size() - 1;
  }

  /// Offset in the file of the section that is added next.
  long nextOffset() {
    return CONTENT_AT + (long) contentSize;
  }

  void segment(int type, long offset, long address, long size) {
    segments.add(new Segment(type, offset, address, size));
  }

  byte[] build() {
    var names = new ByteArrayOutputStream();
    sections.add(new Section(".shstrtab", 3, 0, 0, 0, new byte[0]));
    int[] nameAt = new int[sections.size()];
    for (int i = 0; i < nameAt.length; i++) {
      nameAt[i] = names.size();
      names.writeBytes(text(sections.get(i).name()));
    }
    sections.set(nameAt.length - 1, new Section(".shstrtab", 3, 0, 0, 0, names.toByteArray()));
    int headersAt = CONTENT_AT + contentSize + padded(names.size());
    ByteBuffer file = little(headersAt + 64 * nameAt.length);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 3).putShort((short) 62).putInt(1).putLong(0);
    file.putLong(64).putLong(headersAt).putInt(0).putShort((short) 64);
    file.putShort((short) 56).putShort((short) segments.size());
    file.putShort((short) 64).putShort((short) nameAt.length).putShort((short) (nameAt.length - 1));
    for (Segment segment : segments) {
      file.putInt(segment.type()).putInt(5).putLong(segment.offset()).putLong(segment.address());
      file.putLong(segment.address()).putLong(segment.size()).putLong(segment.size()).putLong(1);
    }
    int contentAt = CONTENT_AT;
    for (int i = 0; i < nameAt.length; i++) {
      Section section = sections.get(i);
      file.position(contentAt).put(section.content());
      file.position(headersAt + 64 * i);
      file.putInt(nameAt[i]).putInt(section.type()).putLong(section.flags());
      file.putLong(section.address()).putLong(contentAt).putLong(section.content().length);
      file.putInt(section.link()).putInt(0).putLong(1).putLong(0);
      contentAt += padded(section.content().length);
    }
    return bytesOf(file);
  }

  static ElfSource source(byte[] file) {
    return new ElfSource.InMemory("built", MemorySegment.ofArray(file));
  }

  static byte[] text(String string) {
    return (string + "\0").getBytes(StandardCharsets.UTF_8);
  }

  static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// All bytes of a buffer.
  static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  /// A symbol of 24 bytes.
  static void symbol(ByteBuffer to, int nameAt, int type, int section, long start, long size) {
    to.putInt(nameAt).put((byte) (0x10 | type)).put((byte) 0).putShort((short) section);
    to.putLong(start).putLong(size);
  }

  /// A note with its name and description filled up to four bytes.
  static byte[] note(String owner, int type, byte[] description) {
    byte[] name = text(owner);
    int nameSize = name.length + 3 & ~3;
    ByteBuffer note = little(12 + nameSize + (description.length + 3 & ~3));
    note.putInt(name.length).putInt(description.length).putInt(type).put(name);
    note.position(12 + nameSize).put(description);
    return bytesOf(note);
  }

  /// A static probe's note.
  static byte[] probe(long address, long base, long semaphore, String words) {
    byte[] texts = words.getBytes(StandardCharsets.UTF_8);
    ByteBuffer description = little(24 + texts.length);
    description.putLong(address).putLong(base).putLong(semaphore).put(texts);
    return note("stapsdt", 3, bytesOf(description));
  }

  private static int padded(int size) {
    return size + 15 & ~15;
  }
}
