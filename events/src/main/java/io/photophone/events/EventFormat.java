package io.photophone.events;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The named fields of an event and where its bytes hold them. Immutable; two formats are the same
/// only if they are one object, so that a reference of another format is noticed. Contract: V2.
public final class EventFormat {
  private static final int MOST_FIELDS = 1000;

  private final String name;
  private final int id;
  private final ByteOrder order;
  private final List<EventField> fields;
  private final List<FieldRef> refs;
  private final Map<String, FieldRef> byName;

  EventFormat(String name, int id, ByteOrder order, List<EventField> fields) {
    if (name.isBlank()) {
      throw new FormatException("the format has no name");
    }
    if (fields.size() > MOST_FIELDS) {
      throw new FormatException(
          "%s has %d fields, allowed: %d".formatted(name, fields.size(), MOST_FIELDS));
    }
    this.name = name;
    this.id = id;
    this.order = order;
    this.fields = List.copyOf(fields);
    this.byName = HashMap.newHashMap(fields.size());
    this.refs = referenced();
  }

  private List<FieldRef> referenced() {
    List<FieldRef> made = new ArrayList<>(fields.size());
    List<EventField> variable = new ArrayList<>();
    for (EventField field : fields) {
      FieldRef ref = new FieldRef(this, field, made.size(), variable.toArray(EventField[]::new));
      made.add(ref);
      if (byName.putIfAbsent(field.name(), ref) != null) {
        throw new FormatException("%s has two fields %s".formatted(name, field.name()));
      }
      if (field.location().isVariable()) {
        variable.add(field);
      }
    }
    return List.copyOf(made);
  }

  /// A format that code describes, field after field.
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /// The format that a `format` file of Linux's tracefs describes.
  ///
  /// @throws FormatException that names the line and what is wrong with it
  public static EventFormat parse(String text, ByteOrder order) {
    return FormatText.parse(text, order);
  }

  public String name() {
    return name;
  }

  /// The number by which the source of the events knows the format; 0 where it has none.
  public int id() {
    return id;
  }

  public ByteOrder order() {
    return order;
  }

  public List<EventField> fields() {
    return fields;
  }

  /// References of all fields, in their order.
  public List<FieldRef> refs() {
    return refs;
  }

  public boolean has(String field) {
    return byName.containsKey(field);
  }

  /// The reference to read a field by; to be asked for once, at set-up.
  ///
  /// @throws IllegalArgumentException if there is no such field; the message lists those there are
  public FieldRef fieldRef(String field) {
    FieldRef ref = byName.get(field);
    if (ref == null) {
      throw new IllegalArgumentException(
          "%s has no field %s, but: %s"
              .formatted(
                  name,
                  field,
                  fields.stream().map(EventField::name).collect(Collectors.joining(", "))));
    }
    return ref;
  }

  @Override
  public String toString() {
    return name + fields;
  }

  /// Describes a format. Fields follow each other without gaps unless [#skip] makes one.
  public static final class Builder {
    private final String name;
    private final List<EventField> fields = new ArrayList<>();
    private ByteOrder order = ByteOrder.nativeOrder();
    private int id;

    /// From the start of the event or the end of the last field of variable length.
    private int next;

    private Builder(String name) {
      this.name = name;
    }

    public Builder id(int value) {
      id = value;
      return this;
    }

    /// Of all integers and units of text; the machine's own unless it is said.
    public Builder order(ByteOrder value) {
      order = value;
      return this;
    }

    /// Leaves bytes out.
    public Builder skip(int bytes) {
      next += bytes;
      return this;
    }

    /// An integer of 1, 2, 4 or 8 bytes.
    public Builder integer(String field, int size, boolean signed) {
      String type = (signed ? "s" : "u") + size * Byte.SIZE;
      return add(field, type, FieldKind.INTEGER, FieldLocation.FIXED, size, size, signed);
    }

    /// A fixed number of integers.
    public Builder integers(String field, int count, int size, boolean signed) {
      String type = "%s%d[%d]".formatted(signed ? "s" : "u", size * Byte.SIZE, count);
      int bytes = Math.multiplyExact(count, size);
      return add(field, type, FieldKind.INTEGERS, FieldLocation.FIXED, bytes, size, signed);
    }

    /// A number of 8 bytes.
    public Builder float64(String field) {
      return add(field, "f64", FieldKind.FLOAT, FieldLocation.FIXED, 8, 8, true);
    }

    /// A text of at most so many bytes.
    public Builder text(String field, int size) {
      return add(field, "char[" + size + "]", FieldKind.TEXT, FieldLocation.FIXED, size, 1, false);
    }

    /// A text of any length, in its place with an end mark.
    public Builder terminatedText(String field) {
      return add(field, "string", FieldKind.TEXT, FieldLocation.TERMINATED, 0, 1, false);
    }

    /// The same in UTF-16.
    public Builder terminatedUtf16(String field) {
      return add(
          field, "wstring", FieldKind.TEXT_UTF16, FieldLocation.TERMINATED_UTF16, 0, 2, false);
    }

    /// A text of any length, whose bytes lie behind the fixed part of the event.
    public Builder dynamicText(String field) {
      return add(field, "__data_loc char[]", FieldKind.TEXT, FieldLocation.DATA_LOC, 4, 1, false);
    }

    /// Content of any length and kind behind its number of bytes.
    ///
    /// @param prefixSize bytes of that number: 1, 2 or 4
    public Builder prefixed(String field, FieldKind kind, int prefixSize) {
      int element = kind == FieldKind.TEXT_UTF16 ? 2 : 1;
      return add(field, "counted", kind, FieldLocation.LENGTH_PREFIXED, prefixSize, element, false);
    }

    /// A fixed number of bytes of no known meaning.
    public Builder bytes(String field, int size) {
      return add(field, "u8[" + size + "]", FieldKind.BYTES, FieldLocation.FIXED, size, 1, false);
    }

    private Builder add(
        String field,
        String type,
        FieldKind kind,
        FieldLocation location,
        int size,
        int elementSize,
        boolean signed) {
      fields.add(new EventField(field, type, kind, location, next, size, elementSize, signed));
      next = location.isVariable() ? 0 : next + size;
      return this;
    }

    /// The format as described so far.
    ///
    /// @throws FormatException if a field can't be as described
    public EventFormat build() {
      return new EventFormat(name, id, order, fields);
    }
  }
}
