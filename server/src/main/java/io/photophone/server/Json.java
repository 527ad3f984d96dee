package io.photophone.server;

import io.photophone.model.Field;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFields;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// JSON of everything but frames: names in snake case, constants in lower case.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, Json::onlyText)
          .addModule(new SimpleModule().addSerializer(Reading.class, new OfReading()))
          .build();

  private static final Naming NAMING = new Naming();

  private Json() {}

  /// A number is no name.
  private static void onlyText(MutableCoercionConfig text) {
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
      text.setCoercion(shape, CoercionAction.Fail);
    }
  }

  /// Names as the mapper gives them.
  private static final class Naming extends PropertyNamingStrategies.SnakeCaseStrategy {
    private static final long serialVersionUID = 1;

    String of(String component) {
      return translate(component);
    }
  }

  /// What a record's component is called.
  static String name(String component) {
    return NAMING.of(component);
  }

  /// A value as the API's answers have it.
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  /// A value that a client has sent, not null.
  ///
  /// @param allowed examples, for people
  /// @throws Problem.Refusal if it isn't one
  static <T> T read(String json, Class<T> type, String allowed) {
    return read(json, type, "the body is " + json, allowed);
  }

  /// The same with a secret in it, which the refusal doesn't repeat.
  static <T> T readSecret(String json, Class<T> type, String allowed) {
    return read(json, type, "the body is something else", allowed);
  }

  private static <T> T read(String json, Class<T> type, String otherwise, String allowed) {
    T value;
    try {
      value = MAPPER.readValue(json, type);
    } catch (UnrecognizedPropertyException e) {
      throw refused("the body has the unknown key " + e.getPropertyName(), allowed);
    } catch (JacksonException _) {
      throw refused(otherwise, allowed);
    }
    if (value == null) {
      throw refused(otherwise, allowed);
    }
    return value;
  }

  private static Problem.Refusal refused(String what, String allowed) {
    return new Problem.Refusal(HttpStatus.BAD_REQUEST_400, what + ", allowed: " + allowed);
  }

  /// A reading by its named fields; one that it doesn't have is null.
  private static final class OfReading extends ValueSerializer<Reading> {
    @Override
    public void serialize(Reading reading, JsonGenerator json, SerializationContext context) {
      json.writeStartObject();
      for (Field<Reading> field : ReadingFields.ALL) {
        json.writeName(field.name());
        context.writeValue(json, field.value().apply(reading));
      }
      json.writeEndObject();
    }
  }
}
