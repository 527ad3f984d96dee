package io.photophone.events.symbols;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// A small library with everything that is read: code at 0x1000, loaded from another offset;
/// functions `outer`, `inner` within it, and `last`; a build id; a static probe; frames.
final class ElfFixture {
  static final long TEXT = 0x1000;
  static final String BUILD_ID = "0123456789abcdef";

  private ElfFixture() {}

  static byte[] library() {
    return build(true, new byte[0]);
  }

  /// Without `.symtab`, and if `link` isn't empty with that content of `.gnu_debuglink`.
  static byte[] stripped(byte[] link) {
    return build(false, link);
  }

  private static byte[] build(boolean withSymbols, byte[] link) {
    var elf = new ElfBytes();
    elf.segment(Elf.LOAD, elf.nextOffset(), TEXT, 0x100);
    int text = elf.section(".text", 1, 6, TEXT, 0, new byte[0x100]);
    frames(elf);
    if (withSymbols) {
      int strings = elf.section(".strtab", 3, 0, 0, 0, bytes("\0outer\0inner\0last\0datum\0"));
      ByteBuffer symbols = ElfBytes.little(5 * 24);
      symbols.position(24);
      ElfBytes.symbol(symbols, 1, 2, text, TEXT, 0x40);
      ElfBytes.symbol(symbols, 7, 2, text, TEXT + 0x10, 0x10);
      ElfBytes.symbol(symbols, 13, 2, text, TEXT + 0x80, 0x80);
      ElfBytes.symbol(symbols, 18, 1, text, TEXT + 0x60, 8);
      elf.section(".symtab", Elf.SYMTAB, 0, 0, strings, ElfBytes.bytesOf(symbols));
    }
    byte[] id = ElfBytes.note("GNU", 3, HexFormat.of().parseHex(BUILD_ID));
    elf.section(".note.gnu.build-id", Elf.NOTE, 2, 0, 0, id);
    byte[] probe =
        ElfBytes.probe(TEXT + 0x20, 0x5000, 0, "some\0probe\0-4@%eax 8@152(%rdi) 1@$1\0");
    elf.section(".note.stapsdt", Elf.NOTE, 0, 0, 0, probe);
    elf.section(".stapsdt.base", 1, 2, 0x5000, 0, new byte[1]);
    if (link.length > 0) {
      elf.section(".gnu_debuglink", 1, 0, 0, 0, link);
    }
    return elf.build();
  }

  /// `outer` pushes rbp at its second byte and has CFA = rbp + 16 from then on; `last` starts a
  /// thread.
  private static void frames(ElfBytes elf) {
    long headerAddress = 0x2000;
    long framesAddress = 0x2100;
    ByteBuffer header = ElfBytes.little(12 + 16);
    header.put(bytes("\1\33\3\73"));
    header.putInt((int) (framesAddress - headerAddress - 4)).putInt(2);
    header.putInt((int) (TEXT - headerAddress)).putInt((int) (framesAddress - headerAddress + 24));
    header.putInt((int) (TEXT + 0x80 - headerAddress));
    header.putInt((int) (framesAddress - headerAddress + 24 + 32));
    long headerOffset = elf.nextOffset();
    elf.section(".eh_frame_hdr", 1, 2, headerAddress, 0, ElfBytes.bytesOf(header));
    elf.segment(Elf.EH_FRAME_HEADER, headerOffset, headerAddress, 28);
    ByteBuffer frames = ElfBytes.little(24 + 32 + 24);
    // CIE "zR": code 1, data -8, return address 16, pointers relative to their place; CFA = rsp +
    // 8.
    frames.putInt(20).putInt(0).put(bytes("\1zR\0\1")).put((byte) 0x78).put((byte) 16);
    frames.put(bytes("\1\33")).put((byte) 0x0c).put(bytes("\7\10")).put((byte) 0x90);
    frames.put((byte) 1).position(24);
    frames.putInt(28).putInt(28).putInt((int) (TEXT - (framesAddress + 24 + 8))).putInt(0x40);
    // Forward 1; CFA offset 16; rbp at CFA - 16; forward 3; CFA register rbp.
    frames.put((byte) 0).put((byte) 0x41).put(bytes("\16\20")).put((byte) 0x86).put((byte) 2);
    frames.put((byte) 0x43).put(bytes("\15\6")).position(24 + 32);
    frames.putInt(20).putInt(60);
    frames.putInt((int) (TEXT + 0x80 - (framesAddress + 56 + 8))).putInt(0x80);
    // The return address is undefined.
    frames.put(bytes("\0\7\20"));
    elf.section(".eh_frame", 1, 2, framesAddress, 0, ElfBytes.bytesOf(frames));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
