package io.photophone.server;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.photophone.model.Field;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFields;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schemas of records, as [Json] writes and reads them. A type that is named becomes a
/// component of the document, once. Used by one thread.
///
/// @see <a href="https://json-schema.org/draft/2020-12">JSON Schema</a>
final class Schemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// What encloses the records of answers, and says nothing to a client.
  private static final String OWNERS = "Resource$|^Routes$";

  private final Glossary glossary;
  private final Map<String, ObjectNode> components = new TreeMap<>();
  private final Map<String, Class<?>> named = new HashMap<>();

  Schemas(Glossary glossary) {
    this.glossary = glossary;
  }

  /// The schema of what a client gets: every field is there, unless it is [Omitted].
  ObjectNode answer(Class<?> type) {
    return ofClass(type, false);
  }

  /// The schema of what a client sends: fields that may be null may be left out, and there are no
  /// others.
  ObjectNode request(Class<?> type) {
    return ofClass(type, true);
  }

  /// All schemas that have a name, by it.
  ObjectNode components() {
    ObjectNode all = NODES.objectNode();
    components.forEach(all::set);
    return all;
  }

  private ObjectNode of(AnnotatedType type, boolean sent) {
    ObjectNode schema = ofWhatIsThere(type, sent);
    return type.isAnnotationPresent(Nullable.class) ? orNull(schema) : schema;
  }

  private ObjectNode ofWhatIsThere(AnnotatedType type, boolean sent) {
    if (type instanceof AnnotatedArrayType array) {
      return arrayOf(of(array.getAnnotatedGenericComponentType(), sent));
    }
    if (type instanceof AnnotatedParameterizedType generic
        && generic.getType() instanceof ParameterizedType parameterized) {
      AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
      Type raw = parameterized.getRawType();
      if (raw instanceof Class<?> owner && Collection.class.isAssignableFrom(owner)) {
        return arrayOf(of(arguments[0], sent));
      }
      if (raw == Map.class) {
        ObjectNode map = typed("object");
        map.set("propertyNames", of(arguments[0], sent));
        map.set("additionalProperties", of(arguments[1], sent));
        return map;
      }
    }
    if (type.getType() instanceof Class<?> plain) {
      return ofClass(plain, sent);
    }
    throw new IllegalArgumentException("no schema for " + type);
  }

  private ObjectNode ofClass(Class<?> type, boolean sent) {
    if (type == String.class) {
      return typed("string");
    }
    if (type == Instant.class) {
      return typed("string").put("format", "date-time");
    }
    if (type == boolean.class || type == Boolean.class) {
      return typed("boolean");
    }
    if (type == int.class || type == Integer.class) {
      return typed("integer").put("format", "int32");
    }
    if (type == long.class || type == Long.class) {
      return typed("integer").put("format", "int64");
    }
    if (type == double.class || type == Double.class) {
      return typed("number").put("format", "double");
    }
    if (type == float.class || type == Float.class) {
      return typed("number").put("format", "float");
    }
    if (JsonNode.class.isAssignableFrom(type)) {
      return NODES.objectNode();
    }
    if (type.isEnum()) {
      return reference(type, () -> ofConstants(type));
    }
    if (type == Reading.class) {
      return reference(type, Schemas::ofReading);
    }
    if (type.isRecord()) {
      return reference(type, () -> ofRecord(type, sent));
    }
    if (type.isSealed()) {
      return reference(type, () -> ofOneOf(type, sent));
    }
    throw new IllegalArgumentException("no schema for " + type.getName());
  }

  /// What makes the schema of a type, which may ask for others on its way.
  private interface Definition {
    ObjectNode schema();
  }

  private ObjectNode reference(Class<?> type, Definition definition) {
    String name = name(type);
    Class<?> before = named.putIfAbsent(name, type);
    if (before != null && before != type) {
      throw new IllegalStateException(
          "two types have the name %s: %s, %s".formatted(name, before, type));
    }
    if (before == null) {
      components.put(name, definition.schema());
    }
    return NODES.objectNode().put("$ref", "#/components/schemas/" + name);
  }

  private static String name(Class<?> type) {
    Class<?> owner = type.getEnclosingClass();
    String own = type.getSimpleName();
    return owner == null ? own : name(owner).replaceAll(OWNERS, "") + own;
  }

  private ObjectNode ofRecord(Class<?> type, boolean sent) {
    ObjectNode schema = typed("object");
    ObjectNode properties = schema.putObject("properties");
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String field = Json.name(component.getName());
      ObjectNode value = of(component.getAnnotatedType(), sent);
      OneOf words = component.getAnnotation(OneOf.class);
      if (words != null) {
        value.replace("type", NODES.stringNode("string"));
        ArrayNode allowed = value.putArray("enum");
        Arrays.stream(words.value()).forEach(allowed::add);
      }
      glossary.describe(value, name(type), field);
      properties.set(field, value);
      boolean mayMiss =
          component.isAnnotationPresent(Omitted.class)
              || (sent && component.getAnnotatedType().isAnnotationPresent(Nullable.class));
      if (!mayMiss || (words != null && words.required())) {
        required.add(field);
      }
    }
    require(schema, required);
    if (sent) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private ObjectNode ofOneOf(Class<?> type, boolean sent) {
    ObjectNode schema = NODES.objectNode();
    ArrayNode oneOf = schema.putArray("oneOf");
    JsonTypeInfo told = type.getAnnotation(JsonTypeInfo.class);
    JsonSubTypes types = type.getAnnotation(JsonSubTypes.class);
    if (told == null || types == null) {
      for (Class<?> each : type.getPermittedSubclasses()) {
        oneOf.add(ofClass(each, sent));
      }
      return schema;
    }
    ObjectNode discriminator = schema.putObject("discriminator");
    discriminator.put("propertyName", told.property());
    ObjectNode mapping = discriminator.putObject("mapping");
    for (JsonSubTypes.Type each : types.value()) {
      ObjectNode reference = ofClass(each.value(), sent);
      oneOf.add(reference);
      mapping.put(each.name(), reference.get("$ref").asString());
      addTag(each.value(), told.property(), each.name());
    }
    return schema;
  }

  /// Adds the field that tells which of several types it is.
  private void addTag(Class<?> type, String property, String value) {
    ObjectNode component = components.get(name(type));
    if (component == null) {
      throw new IllegalStateException("a type of several that is not defined: " + type);
    }
    ObjectNode properties = component.withObjectProperty("properties");
    glossary.describe(properties.putObject(property).put("const", value), name(type), property);
    component.withArrayProperty("required").add(property);
  }

  private static ObjectNode ofConstants(Class<?> type) {
    ObjectNode schema = typed("string");
    ArrayNode values = schema.putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      values.add(constant.toString().toLowerCase(Locale.ROOT));
    }
    return schema;
  }

  private static ObjectNode ofReading() {
    ObjectNode schema = typed("object");
    ObjectNode properties = schema.putObject("properties");
    for (Field<Reading> field : ReadingFields.ALL) {
      ObjectNode value =
          switch (field.kind()) {
            case TEXT -> orNull(typed("string"));
            case WHOLE -> orNull(typed("integer").put("format", "int64"));
            case NUMBER -> orNull(typed("number").put("format", "double"));
            case TEXTS -> arrayOf(typed("string"));
          };
      properties.set(field.name(), value.put("description", field.description()));
    }
    require(schema, ReadingFields.ALL.stream().map(Field::name).toList());
    return schema;
  }

  private static void require(ObjectNode schema, List<String> fields) {
    ArrayNode required = schema.putArray("required");
    fields.forEach(required::add);
  }

  static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }

  private static ObjectNode arrayOf(ObjectNode items) {
    ObjectNode array = typed("array");
    array.set("items", items);
    return array;
  }

  private static ObjectNode orNull(ObjectNode schema) {
    JsonNode type = schema.get("type");
    if (type != null && type.isString()) {
      schema.putArray("type").add(type.asString()).add("null");
      return schema;
    }
    ObjectNode either = NODES.objectNode();
    either.putArray("oneOf").add(schema).add(typed("null"));
    return either;
  }
}
