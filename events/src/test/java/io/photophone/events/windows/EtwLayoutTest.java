package io.photophone.events.windows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The offsets against the structures' members, as Microsoft documents them, laid out by C's rules.
@Tag("V17")
final class EtwLayoutTest {
  private static final MemoryLayout GUID =
      struct(JAVA_INT, JAVA_SHORT, JAVA_SHORT, MemoryLayout.sequenceLayout(8, JAVA_BYTE));

  private static final StructLayout EVENT_HEADER =
      struct(
          JAVA_SHORT,
          JAVA_SHORT,
          JAVA_SHORT.withName("Flags"),
          JAVA_SHORT,
          JAVA_INT.withName("ThreadId"),
          JAVA_INT.withName("ProcessId"),
          JAVA_LONG.withName("TimeStamp"),
          GUID.withName("ProviderId"),
          JAVA_SHORT.withName("Id"),
          JAVA_BYTE.withName("Version"),
          JAVA_BYTE,
          JAVA_BYTE,
          JAVA_BYTE.withName("Opcode"),
          JAVA_SHORT,
          JAVA_LONG,
          JAVA_LONG,
          GUID);

  /// Members side by side, each at a multiple of its own alignment.
  private static StructLayout struct(MemoryLayout... members) {
    List<MemoryLayout> all = new ArrayList<>();
    long at = 0;
    long widest = 1;
    for (MemoryLayout member : members) {
      long alignment = member.byteAlignment();
      long gap = Math.floorMod(-at, alignment);
      if (gap > 0) {
        all.add(MemoryLayout.paddingLayout(gap));
      }
      all.add(member);
      at += gap + member.byteSize();
      widest = Math.max(widest, alignment);
    }
    long gap = Math.floorMod(-at, widest);
    if (gap > 0) {
      all.add(MemoryLayout.paddingLayout(gap));
    }
    return MemoryLayout.structLayout(all.toArray(MemoryLayout[]::new));
  }

  private static long at(StructLayout struct, String member) {
    return struct.byteOffset(PathElement.groupElement(member));
  }

  @Test
  void event_header_has_80_bytes() {
    assertEquals(80, EVENT_HEADER.byteSize());
    assertEquals(EVENT_HEADER.byteSize(), EventRecordLayout.HEADER_SIZE);
    assertEquals(at(EVENT_HEADER, "Flags"), EventRecordLayout.FLAGS);
    assertEquals(at(EVENT_HEADER, "ThreadId"), EventRecordLayout.THREAD_ID);
    assertEquals(at(EVENT_HEADER, "ProcessId"), EventRecordLayout.PROCESS_ID);
    assertEquals(at(EVENT_HEADER, "TimeStamp"), EventRecordLayout.TIME_STAMP);
    assertEquals(at(EVENT_HEADER, "ProviderId"), EventRecordLayout.PROVIDER);
    assertEquals(at(EVENT_HEADER, "Id"), EventRecordLayout.ID);
    assertEquals(at(EVENT_HEADER, "Version"), EventRecordLayout.VERSION);
    assertEquals(at(EVENT_HEADER, "Opcode"), EventRecordLayout.OPCODE);
  }

  @Test
  void event_record_has_112_bytes() {
    StructLayout record =
        struct(
            EVENT_HEADER,
            struct(JAVA_SHORT, JAVA_SHORT).withName("BufferContext"),
            JAVA_SHORT.withName("ExtendedDataCount"),
            JAVA_SHORT.withName("UserDataLength"),
            JAVA_LONG.withName("ExtendedData"),
            JAVA_LONG.withName("UserData"),
            JAVA_LONG);
    assertEquals(112, record.byteSize());
    assertEquals(record.byteSize(), EventRecordLayout.SIZE);
    assertEquals(at(record, "BufferContext"), EventRecordLayout.PROCESSOR);
    assertEquals(at(record, "ExtendedDataCount"), EventRecordLayout.EXTENDED_COUNT);
    assertEquals(at(record, "UserDataLength"), EventRecordLayout.USER_DATA_LENGTH);
    assertEquals(at(record, "ExtendedData"), EventRecordLayout.EXTENDED_DATA);
    assertEquals(at(record, "UserData"), EventRecordLayout.USER_DATA);
  }

  @Test
  void extended_item_has_16_bytes() {
    StructLayout item =
        struct(
            JAVA_SHORT,
            JAVA_SHORT.withName("ExtType"),
            JAVA_SHORT,
            JAVA_SHORT.withName("DataSize"),
            JAVA_LONG.withName("DataPtr"));
    assertEquals(16, item.byteSize());
    assertEquals(item.byteSize(), EventRecordLayout.ExtendedItem.SIZE);
    assertEquals(at(item, "ExtType"), EventRecordLayout.ExtendedItem.TYPE);
    assertEquals(at(item, "DataSize"), EventRecordLayout.ExtendedItem.DATA_SIZE);
    assertEquals(at(item, "DataPtr"), EventRecordLayout.ExtendedItem.DATA);
  }

  @Test
  void trace_properties_have_120_bytes() {
    StructLayout node =
        struct(
            JAVA_INT.withName("BufferSize"),
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            GUID,
            JAVA_INT.withName("ClientContext"),
            JAVA_INT.withName("Flags"));
    assertEquals(48, node.byteSize());
    assertEquals(at(node, "BufferSize"), TracePropertiesLayout.TOTAL_SIZE);
    assertEquals(at(node, "ClientContext"), TracePropertiesLayout.CLOCK);
    assertEquals(at(node, "Flags"), TracePropertiesLayout.FLAGS);
    StructLayout properties =
        struct(
            node,
            JAVA_INT.withName("BufferSize"),
            JAVA_INT.withName("MinimumBuffers"),
            JAVA_INT.withName("MaximumBuffers"),
            JAVA_INT.withName("MaximumFileSize"),
            JAVA_INT.withName("LogFileMode"),
            JAVA_INT.withName("FlushTimer"),
            JAVA_INT.withName("EnableFlags"),
            JAVA_INT.withName("AgeLimit"),
            JAVA_INT.withName("NumberOfBuffers"),
            JAVA_INT.withName("FreeBuffers"),
            JAVA_INT.withName("EventsLost"),
            JAVA_INT.withName("BuffersWritten"),
            JAVA_INT.withName("LogBuffersLost"),
            JAVA_INT.withName("RealTimeBuffersLost"),
            JAVA_LONG.withName("LoggerThreadId"),
            JAVA_INT.withName("LogFileNameOffset"),
            JAVA_INT.withName("LoggerNameOffset"));
    assertEquals(120, properties.byteSize());
    assertEquals(properties.byteSize(), TracePropertiesLayout.SIZE);
    assertEquals(at(properties, "BufferSize"), TracePropertiesLayout.BUFFER_KIB);
    assertEquals(at(properties, "MinimumBuffers"), TracePropertiesLayout.MINIMUM_BUFFERS);
    assertEquals(at(properties, "MaximumBuffers"), TracePropertiesLayout.MAXIMUM_BUFFERS);
    assertEquals(at(properties, "LogFileMode"), TracePropertiesLayout.MODE);
    assertEquals(at(properties, "FlushTimer"), TracePropertiesLayout.FLUSH_SECONDS);
    assertEquals(at(properties, "EnableFlags"), TracePropertiesLayout.ENABLE_FLAGS);
    assertEquals(at(properties, "EventsLost"), TracePropertiesLayout.EVENTS_LOST);
    assertEquals(
        at(properties, "RealTimeBuffersLost"), TracePropertiesLayout.REAL_TIME_BUFFERS_LOST);
    assertEquals(at(properties, "LogFileNameOffset"), TracePropertiesLayout.LOG_FILE_NAME_OFFSET);
    assertEquals(at(properties, "LoggerNameOffset"), TracePropertiesLayout.LOGGER_NAME_OFFSET);
  }

  @Test
  void log_file_has_448_bytes() {
    StructLayout eventTrace =
        struct(
            struct(
                JAVA_SHORT, JAVA_SHORT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, GUID, JAVA_LONG),
            JAVA_INT,
            JAVA_INT,
            GUID,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT);
    assertEquals(88, eventTrace.byteSize());
    StructLayout systemTime = struct(MemoryLayout.sequenceLayout(8, JAVA_SHORT));
    MemoryLayout name = MemoryLayout.sequenceLayout(32, JAVA_SHORT);
    StructLayout timeZone =
        struct(JAVA_INT, name, systemTime, JAVA_INT, name, systemTime, JAVA_INT);
    assertEquals(172, timeZone.byteSize());
    StructLayout header =
        struct(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, GUID, JAVA_LONG, JAVA_LONG, timeZone, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_INT, JAVA_INT);
    assertEquals(280, header.byteSize());
    StructLayout logFile =
        struct(
            JAVA_LONG,
            JAVA_LONG.withName("LoggerName"),
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT.withName("ProcessTraceMode"),
            eventTrace,
            header,
            JAVA_LONG.withName("BufferCallback"),
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG.withName("EventRecordCallback"),
            JAVA_INT,
            JAVA_LONG);
    assertEquals(448, logFile.byteSize());
    assertEquals(logFile.byteSize(), LogFileLayout.SIZE);
    assertEquals(at(logFile, "LoggerName"), LogFileLayout.LOGGER_NAME);
    assertEquals(at(logFile, "ProcessTraceMode"), LogFileLayout.PROCESS_TRACE_MODE);
    assertEquals(at(logFile, "BufferCallback"), LogFileLayout.BUFFER_CALLBACK);
    assertEquals(at(logFile, "EventRecordCallback"), LogFileLayout.EVENT_RECORD_CALLBACK);
  }

  @Test
  void enable_parameters_have_48_bytes() {
    StructLayout parameters =
        struct(
            JAVA_INT.withName("Version"),
            JAVA_INT.withName("EnableProperty"),
            JAVA_INT,
            GUID,
            JAVA_LONG.withName("EnableFilterDesc"),
            JAVA_INT.withName("FilterDescCount"));
    assertEquals(48, parameters.byteSize());
    assertEquals(parameters.byteSize(), EnableParametersLayout.SIZE);
    assertEquals(at(parameters, "Version"), EnableParametersLayout.VERSION);
    assertEquals(at(parameters, "EnableProperty"), EnableParametersLayout.ENABLE_PROPERTY);
  }
}
