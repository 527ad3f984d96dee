package io.photophone.events.hotspot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The one form that names of methods have here, whoever told them:
/// `java.util.HashMap.get(Ljava/lang/Object;)Ljava/lang/Object;`.
final class JavaName {
  /// As perf maps have it: `int java.lang.String.indexOf(java.lang.String, int)`.
  private static final Pattern EXTERNAL =
      Pattern.compile("(?<result>\\S+) (?<name>\\S+\\.[^\\s.(]+)\\((?<parameters>[^()]*)\\)");

  /// Class, dot, method, and a descriptor with its result.
  private static final Pattern METHOD =
      Pattern.compile("[^\\s(]+\\.[^\\s.(]+\\([^\\s()]*\\)[^\\s()]+");

  private JavaName() {}

  /// From the JVM's own form: class `java/util/HashMap`, method `get`.
  static String ofInternal(String className, String method, String signature) {
    return dotted(className) + "." + method + signature;
  }

  /// From the form of perf maps; what is no method stays as it is.
  static String ofExternal(String text) {
    Matcher method = EXTERNAL.matcher(text);
    if (!method.matches()) {
      return text;
    }
    var key = new StringBuilder(method.group("name")).append('(');
    for (String parameter : parameters(method.group("parameters"))) {
      key.append(descriptor(parameter));
    }
    return key.append(')').append(descriptor(method.group("result"))).toString();
  }

  static boolean isMethod(String key) {
    return METHOD.matcher(key).matches();
  }

  private static List<String> parameters(String text) {
    var parameters = new ArrayList<String>();
    for (String parameter : text.split(",", -1)) {
      if (!parameter.isBlank()) {
        parameters.add(parameter.strip());
      }
    }
    return parameters;
  }

  /// A hidden class has a `+` before its number, and a `/` in what the JVM tells people.
  private static String dotted(String className) {
    return className.replace('/', '.').replaceFirst("\\+(?=0x\\p{XDigit}+$)", "/");
  }

  private static String descriptor(String type) {
    String element = type;
    var descriptor = new StringBuilder();
    while (element.endsWith("[]")) {
      descriptor.append('[');
      element = element.substring(0, element.length() - 2);
    }
    return descriptor
        .append(
            switch (element) {
              case "boolean", "long" -> element.equals("long") ? "J" : "Z";
              case "byte", "char", "double", "float", "int", "short", "void" ->
                  element.substring(0, 1).toUpperCase(Locale.ROOT);
              default -> "L" + internal(element) + ";";
            })
        .toString();
  }

  private static String internal(String dotted) {
    int number = dotted.indexOf('/');
    String name = number < 0 ? dotted : dotted.substring(0, number);
    return name.replace('.', '/') + (number < 0 ? "" : "+" + dotted.substring(number + 1));
  }
}
