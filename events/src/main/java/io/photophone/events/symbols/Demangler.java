package io.photophone.events.symbols;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes linkers' names readable, as far as that is simple: C++ functions without template
/// arguments, given without their parameters, and older Rust functions. Every other name stays
/// whole: those with templates, substitutions or thunks, and newer Rust (`_R`).
///
/// ```java
/// Demangler.readable("_ZN13PlatformEvent4parkEv"); // PlatformEvent::park
/// ```
///
/// Source: Itanium C++ ABI, section 5.1; the legacy names of rustc.
public final class Demangler {
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("nw", " new"),
          Map.entry("na", " new[]"),
          Map.entry("dl", " delete"),
          Map.entry("da", " delete[]"),
          Map.entry("eq", "=="),
          Map.entry("ne", "!="),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("le", "<="),
          Map.entry("ge", ">="),
          Map.entry("aS", "="),
          Map.entry("pL", "+="),
          Map.entry("mI", "-="),
          Map.entry("pl", "+"),
          Map.entry("mi", "-"),
          Map.entry("pp", "++"),
          Map.entry("mm", "--"),
          Map.entry("cl", "()"),
          Map.entry("ix", "[]"),
          Map.entry("pt", "->"));

  private static final Map<String, String> RUST_SIGNS =
      Map.of("LT", "<", "GT", ">", "RF", "&", "BP", "*", "LP", "(", "RP", ")", "C", ",", "SP", "@");

  private final String mangled;
  private int position;

  private Demangler(String mangled) {
    this.mangled = mangled;
  }

  /// The readable name, or the same if it isn't mangled or not in the way that is understood.
  public static String readable(String name) {
    if (!name.startsWith("_Z")) {
      return name;
    }
    int dot = name.indexOf('.');
    boolean rust = name.endsWith("E") && name.matches(".*17h[0-9a-f]{16}E");
    if (dot < 0 || rust) {
      String plain = new Demangler(name).demangle(rust);
      return plain == null ? name : plain;
    }
    // Parts of a function that the compiler moved elsewhere.
    String plain = new Demangler(name.substring(0, dot)).demangle(false);
    return plain == null ? name : "%s [clone %s]".formatted(plain, name.substring(dot));
  }

  private @Nullable String demangle(boolean rust) {
    position = 2;
    if (!take('N')) {
      return rust ? null : unnested();
    }
    while (position < mangled.length() && "rVK".indexOf(mangled.charAt(position)) >= 0) {
      position++;
    }
    var parts = new StringBuilder();
    String last = "";
    if (mangled.startsWith("St", position)) {
      position += 2;
      parts.append("std");
    }
    while (!take('E')) {
      String part = rust ? rustPart() : part(last);
      if (part == null) {
        return null;
      }
      if (rust && position == mangled.length() - 1 && part.matches("h[0-9a-f]{16}")) {
        continue;
      }
      parts.append(parts.isEmpty() ? "" : "::").append(part);
      last = part;
    }
    return parts.isEmpty() ? null : parts.toString();
  }

  /// A function outside of any class: its parameters follow, unless it is a template.
  private @Nullable String unnested() {
    String prefix = "";
    if (mangled.startsWith("St", position)) {
      position += 2;
      prefix = "std::";
    }
    String part = part("");
    boolean template = position < mangled.length() && mangled.charAt(position) == 'I';
    return part == null || template ? null : prefix + part;
  }

  private @Nullable String part(String enclosing) {
    take('L');
    if (position + 1 >= mangled.length()) {
      return null;
    }
    String two = mangled.substring(position, position + 2);
    if (Character.isDigit(two.charAt(0))) {
      String name = sourceName();
      boolean tagged = position < mangled.length() && mangled.charAt(position) == 'B';
      return name == null || tagged
          ? null
          : name.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : name;
    }
    position += 2;
    if (two.matches("C[123]|D[012]")) {
      return enclosing.isEmpty() ? null : (two.charAt(0) == 'D' ? "~" : "") + enclosing;
    }
    String operator = OPERATORS.get(two);
    return operator == null ? null : "operator" + operator;
  }

  private @Nullable String sourceName() {
    int length = 0;
    while (position < mangled.length() && Character.isDigit(mangled.charAt(position))) {
      length = length * 10 + mangled.charAt(position++) - '0';
      if (length > mangled.length()) {
        return null;
      }
    }
    if (length == 0 || length > mangled.length() - position) {
      return null;
    }
    position += length;
    return mangled.substring(position - length, position);
  }

  private @Nullable String rustPart() {
    String name = sourceName();
    if (name == null) {
      return null;
    }
    var readable = new StringBuilder();
    // An underscore keeps the sign of a trait's brackets from being the first letter.
    int at = name.startsWith("_$") ? 1 : 0;
    while (at < name.length()) {
      int end = name.charAt(at) == '$' ? name.indexOf('$', at + 1) : -1;
      String sign = end < 0 ? null : rustSign(name.substring(at + 1, end));
      if (sign != null) {
        readable.append(sign);
        at = end + 1;
      } else if (name.startsWith("..", at)) {
        readable.append("::");
        at += 2;
      } else {
        readable.append(name.charAt(at++));
      }
    }
    return readable.toString();
  }

  private static @Nullable String rustSign(String code) {
    return code.matches("u[0-9a-f]{1,4}")
        ? Character.toString(Integer.parseInt(code.substring(1), 16))
        : RUST_SIGNS.get(code);
  }

  private boolean take(char letter) {
    boolean there = position < mangled.length() && mangled.charAt(position) == letter;
    position += there ? 1 : 0;
    return there;
  }
}
