package io.photophone.events.symbols;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a static probe of x86-64 has one of its arguments, as the assembler wrote it: `-4@%eax` is
/// a signed number of 4 bytes in a register, `8@152(%rdi)` one in memory, `1@$1` a constant.
///
/// Source: SystemTap, "UserSpaceProbeImplementation"; Linux, `trace/uprobetracer`.
public sealed interface UsdtOperand {
  /// The argument as a fetch argument of a uprobe, with its type: `%ax:s32`; empty if a uprobe
  /// can't fetch it.
  Optional<String> fetchArgument();

  /// What is at the address that the argument holds, as a type of uprobes: `ustring`, `u64`,
  /// `x8[16]`; empty if the argument can't be fetched or is no pointer.
  Optional<String> fetchPointee(String type);

  /// A number in a register.
  ///
  /// @param register its name in uprobes, which is that of 64 bits without the `r` of the first
  ///   eight
  /// @param highByte the second byte of it, as `%ah`
  record Register(String register, boolean highByte, Type type) implements UsdtOperand {
    @Override
    public Optional<String> fetchArgument() {
      return Optional.of("%" + register + ":" + (highByte ? "b8@8/16" : type.name()));
    }

    @Override
    public Optional<String> fetchPointee(String pointee) {
      return type.bits() == 64
          ? Optional.of("+0(%%%s):%s".formatted(register, pointee))
          : Optional.empty();
    }
  }

  /// A number in memory at an offset from a register.
  record Memory(String register, long offset, Type type) implements UsdtOperand {
    @Override
    public Optional<String> fetchArgument() {
      return Optional.of(place() + ":" + type.name());
    }

    @Override
    public Optional<String> fetchPointee(String pointee) {
      return type.bits() == 64
          ? Optional.of("+0(%s):%s".formatted(place(), pointee))
          : Optional.empty();
    }

    private String place() {
      return "%+d(%%%s)".formatted(offset, register);
    }
  }

  /// A constant.
  record Constant(long value, Type type) implements UsdtOperand {
    @Override
    public Optional<String> fetchArgument() {
      return Optional.of("\\%d:%s".formatted(value, type.name()));
    }

    @Override
    public Optional<String> fetchPointee(String pointee) {
      return Optional.empty();
    }
  }

  /// An argument that uprobes can't fetch: a floating-point register, an index register, a symbol.
  record Unsupported(String text) implements UsdtOperand {
    @Override
    public Optional<String> fetchArgument() {
      return Optional.empty();
    }

    @Override
    public Optional<String> fetchPointee(String pointee) {
      return Optional.empty();
    }
  }

  /// A whole number.
  ///
  /// @param bits 8, 16, 32 or 64
  record Type(int bits, boolean signed) {
    /// As uprobes write it.
    public String name() {
      return (signed ? "s" : "u") + bits;
    }
  }

  /// Understands one argument.
  static UsdtOperand parse(String text) {
    return Syntax.parse(text);
  }

  /// The assembler's syntax.
  final class Syntax {
    private static final Pattern OPERAND =
        Pattern.compile(
            "(?<size>-?[1248])@(?:\\$(?<constant>-?\\d{1,19})"
                + "|%(?<register>\\w+)"
                + "|(?<offset>-?\\d{1,19})?\\(%(?<base>\\w+)\\))");

    private static final Map<String, String> OLD_REGISTERS =
        Map.of(
            "a", "ax", "b", "bx", "c", "cx", "d", "dx", "si", "si", "di", "di", "bp", "bp", "sp",
            "sp");

    private Syntax() {}

    private static UsdtOperand parse(String text) {
      Matcher operand = OPERAND.matcher(text);
      if (!operand.matches()) {
        return new Unsupported(text);
      }
      try {
        int size = Integer.parseInt(operand.group("size"));
        var type = new Type(Math.abs(size) * 8, size < 0);
        if (operand.group("constant") != null) {
          return new Constant(Long.parseLong(operand.group("constant")), type);
        }
        if (operand.group("register") != null) {
          return register(text, operand.group("register"), type);
        }
        String offset = operand.group("offset");
        String base = wide(operand.group("base"));
        return base.isEmpty()
            ? new Unsupported(text)
            : new Memory(base, offset == null ? 0 : Long.parseLong(offset), type);
      } catch (NumberFormatException e) {
        // More than 64 bits.
        return new Unsupported(text);
      }
    }

    private static UsdtOperand register(String text, String name, Type type) {
      if (name.matches("[abcd]h")) {
        // Uprobes take a part of a register as an unsigned number only.
        return type.signed()
            ? new Unsupported(text)
            : new Register(OLD_REGISTERS.getOrDefault(name.substring(0, 1), ""), true, type);
      }
      String wide = wide(name);
      return wide.isEmpty() ? new Unsupported(text) : new Register(wide, false, type);
    }

    /// The name in uprobes of the register that `name` is a part of, or "".
    private static String wide(String name) {
      if (name.matches("r(8|9|1[0-5])[dwb]?")) {
        return name.replaceFirst("[dwb]$", "");
      }
      String stem = name;
      if (name.matches("[re][abcd]x|[re](si|di|bp|sp)")) {
        stem = name.substring(1);
      }
      if (stem.matches("[abcd]x|[abcd]l|(si|di|bp|sp)l")) {
        stem = stem.substring(0, stem.length() - 1);
      }
      return OLD_REGISTERS.getOrDefault(stem, "");
    }
  }
}
