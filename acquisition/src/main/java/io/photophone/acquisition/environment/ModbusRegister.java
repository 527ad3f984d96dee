package io.photophone.acquisition.environment;

import io.photophone.model.Range;
import java.nio.ByteBuffer;
import java.util.Locale;

/// Where a Modbus device tells a value, and how.
///
/// @param address of the first register, counted from 0 as on the wire
/// @param scale what the number is multiplied by
/// @param offset what is added then
public record ModbusRegister(int address, Format format, double scale, double offset) {
  public static final Range ADDRESS = Range.closed(0, 65_535);
  public static final Range SCALE = Range.closed(-1e6, 1e6);
  public static final Range OFFSET = Range.closed(-1e6, 1e6);

  /// How a number lies in registers of 16 bits, the high byte of each first.
  public enum Format {
    /// IEEE 754 in two registers, the high word first.
    FLOAT32(2),
    /// IEEE 754 in two registers, the low word first.
    FLOAT32_LOW_WORD_FIRST(2),
    INT16(1),
    UINT16(1);

    private final int registers;

    Format(int registers) {
      this.registers = registers;
    }

    /// The name in files, as in `float32_low_word_first`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }

    double number(ByteBuffer bytes) {
      return switch (this) {
        case FLOAT32 -> bytes.getFloat(0);
        case FLOAT32_LOW_WORD_FIRST ->
            Float.intBitsToFloat(
                Short.toUnsignedInt(bytes.getShort(2)) << 16
                    | Short.toUnsignedInt(bytes.getShort(0)));
        case INT16 -> bytes.getShort(0);
        case UINT16 -> Short.toUnsignedInt(bytes.getShort(0));
      };
    }
  }

  public ModbusRegister {
    ADDRESS.check("register", address);
    SCALE.check("scale", scale);
    OFFSET.check("offset", offset);
    if (scale == 0) {
      throw new IllegalArgumentException("scale is 0, allowed: any other number");
    }
    if (address + format.registers > ADDRESS.highest() + 1) {
      throw new IllegalArgumentException(
          "register is %d, allowed: up to 65534 for two registers".formatted(address));
    }
  }

  int registers() {
    return format.registers;
  }

  /// The value in these registers, as the bytes came.
  double value(byte[] registers) {
    return format.number(ByteBuffer.wrap(registers)) * scale + offset;
  }
}
