package io.photophone.server;

import io.photophone.model.Reading;
import io.photophone.model.ReadingFields;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON of everything but frames: names in snake case, constants in lower case.
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .build();

  private Json() {}

  static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// A reading's named fields; one that it doesn't have is null.
  static Map<String, @Nullable Object> fields(Reading reading) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    ReadingFields.ALL.forEach(field -> fields.put(field.name(), field.value().apply(reading)));
    return fields;
  }
}
