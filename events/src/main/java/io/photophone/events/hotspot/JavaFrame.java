package io.photophone.events.hotspot;

/// What is at an address of a JVM's own code.
///
/// @param name `java.util.HashMap.get`, or what the JVM calls its stub
/// @param signature the method's parameters and result as class files write them:
///   `(Ljava/lang/Object;)Ljava/lang/Object;`; empty for all that is no method
public record JavaFrame(String name, String signature, Kind kind) {
  /// What made the code.
  public enum Kind {
    /// A method, compiled.
    JIT,
    /// The interpreter, whatever method it runs.
    INTERPRETER,
    /// Glue of the JVM.
    STUB
  }

  /// A compiled method whose name was gone when it should have been read.
  static final String UNREADABLE = "[compiled method, name unreadable]";

  private static final String INTERPRETER_NAME = "Interpreter";

  /// Understands what [#key] made.
  static JavaFrame ofKey(String key) {
    int parenthesis = key.indexOf('(');
    if (JavaName.isMethod(key)) {
      return new JavaFrame(key.substring(0, parenthesis), key.substring(parenthesis), Kind.JIT);
    }
    if (key.equals(UNREADABLE)) {
      return new JavaFrame(key, "", Kind.JIT);
    }
    return new JavaFrame(key, "", key.equals(INTERPRETER_NAME) ? Kind.INTERPRETER : Kind.STUB);
  }

  /// Name and signature in one, by which the same code is known wherever it was told of.
  String key() {
    return name + signature;
  }
}
