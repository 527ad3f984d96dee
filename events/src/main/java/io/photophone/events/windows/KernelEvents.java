package io.photophone.events.windows;

import java.util.UUID;

/// Events of the Windows kernel, as its documentation of the "NT Kernel Logger" constants and MOF
/// classes (CSwitch, ReadyThread, Thread_TypeGroup1, Process_TypeGroup1, PageFault_TypeGroup1,
/// PageFault_HardFault, DiskIo_TypeGroup1, Image_Load) lays them out on 64-bit Windows.
///
/// In a context switch and a ready thread Windows says neither process nor thread of the event
/// itself, only those in its fields.
public final class KernelEvents {
  private static final UUID PROCESS = UUID.fromString("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
  private static final UUID THREAD = UUID.fromString("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
  private static final UUID PAGE_FAULT = UUID.fromString("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c");
  private static final UUID DISK_IO = UUID.fromString("3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c");
  private static final UUID IMAGE = UUID.fromString("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");

  private static final int ANY = EtwEvent.ANY_VERSION;

  /// A processor goes from one thread to another.
  public static final EtwEvent CONTEXT_SWITCH =
      EtwEvent.ofOpcode(
          THREAD,
          36,
          ANY,
          EtwFormat.builder("CSwitch")
              .integer("new_thread_id", 4, false)
              .integer("old_thread_id", 4, false)
              .integer("new_thread_priority", 1, true)
              .integer("old_thread_priority", 1, true)
              .integer("previous_c_state", 1, false)
              .integer("spare", 1, true)
              .integer("old_thread_wait_reason", 1, true)
              .integer("old_thread_wait_mode", 1, true)
              .integer("old_thread_state", 1, true)
              .integer("old_thread_wait_ideal_processor", 1, true)
              .integer("new_thread_wait_time", 4, false)
              .integer("reserved", 4, false)
              .build());

  /// A thread may run again.
  public static final EtwEvent READY_THREAD =
      EtwEvent.ofOpcode(
          THREAD,
          50,
          ANY,
          EtwFormat.builder("ReadyThread")
              .integer("thread_id", 4, false)
              .integer("adjust_reason", 1, true)
              .integer("adjust_increment", 1, true)
              .integer("flag", 1, true)
              .integer("reserved", 1, true)
              .build());

  public static final EtwEvent THREAD_START =
      EtwEvent.ofOpcode(THREAD, 1, ANY, thread("Thread/Start").build());
  public static final EtwEvent THREAD_END =
      EtwEvent.ofOpcode(THREAD, 2, ANY, thread("Thread/End").build());

  /// Of Windows 10 and later, which add the thread's name.
  public static final EtwEvent THREAD_START_NAMED =
      EtwEvent.ofOpcode(THREAD, 1, 4, thread("Thread/Start").utf16("thread_name").build());

  public static final EtwEvent PROCESS_START =
      EtwEvent.ofOpcode(PROCESS, 1, 4, process("Process/Start", true).build());
  public static final EtwEvent PROCESS_END =
      EtwEvent.ofOpcode(PROCESS, 2, 4, process("Process/End", true).build());

  /// Of Windows 7.
  public static final EtwEvent PROCESS_START_V3 =
      EtwEvent.ofOpcode(PROCESS, 1, 3, process("Process/Start", false).build());

  /// For each process that there is when the session begins.
  public static final EtwEvent PROCESS_RUNNING =
      EtwEvent.ofOpcode(PROCESS, 3, 4, process("Process/DCStart", true).build());

  /// A page that was elsewhere in memory.
  public static final EtwEvent TRANSITION_FAULT = softFault("PageFault/TransitionFault", 10);

  /// A page that is used for the first time.
  public static final EtwEvent DEMAND_ZERO_FAULT = softFault("PageFault/DemandZeroFault", 11);

  public static final EtwEvent COPY_ON_WRITE_FAULT = softFault("PageFault/CopyOnWrite", 12);

  /// A page that was read from a disk.
  public static final EtwEvent HARD_FAULT =
      EtwEvent.ofOpcode(
          PAGE_FAULT,
          32,
          ANY,
          EtwFormat.builder("PageFault/HardFault")
              .integer("initial_time", 8, false)
              .integer("read_offset", 8, false)
              .pointer("virtual_address")
              .pointer("file_object")
              .integer("thread_id", 4, false)
              .integer("byte_count", 4, false)
              .build());

  public static final EtwEvent DISK_READ = diskIo("DiskIo/Read", 10);
  public static final EtwEvent DISK_WRITE = diskIo("DiskIo/Write", 11);

  public static final EtwEvent IMAGE_LOAD = image("Image/Load", 10);
  public static final EtwEvent IMAGE_UNLOAD = image("Image/Unload", 2);

  /// For each image that is loaded when the session begins.
  public static final EtwEvent IMAGE_LOADED = image("Image/DCStart", 3);

  private KernelEvents() {}

  private static EtwFormat.Builder thread(String name) {
    return EtwFormat.builder(name)
        .integer("process_id", 4, false)
        .integer("thread_id", 4, false)
        .pointer("stack_base")
        .pointer("stack_limit")
        .pointer("user_stack_base")
        .pointer("user_stack_limit")
        .pointer("affinity")
        .pointer("start_address")
        .pointer("teb_base")
        .integer("sub_process_tag", 4, false)
        .integer("base_priority", 1, false)
        .integer("page_priority", 1, false)
        .integer("io_priority", 1, false)
        .integer("thread_flags", 1, false);
  }

  private static EtwFormat.Builder process(String name, boolean isVersion4) {
    EtwFormat.Builder fields =
        EtwFormat.builder(name)
            .pointer("unique_process_key")
            .integer("process_id", 4, false)
            .integer("parent_id", 4, false)
            .integer("session_id", 4, false)
            .integer("exit_status", 4, true)
            .pointer("directory_table_base");
    if (isVersion4) {
      fields.integer("flags", 4, false);
    }
    fields.tokenSid("user_sid").text("image_file_name").utf16("command_line");
    return isVersion4 ? fields.utf16("package_full_name").utf16("application_id") : fields;
  }

  private static EtwEvent softFault(String name, int opcode) {
    return EtwEvent.ofOpcode(
        PAGE_FAULT,
        opcode,
        ANY,
        EtwFormat.builder(name).pointer("virtual_address").pointer("program_counter").build());
  }

  private static EtwEvent diskIo(String name, int opcode) {
    return EtwEvent.ofOpcode(
        DISK_IO,
        opcode,
        ANY,
        EtwFormat.builder(name)
            .integer("disk_number", 4, false)
            .integer("irp_flags", 4, false)
            .integer("transfer_size", 4, false)
            .integer("reserved", 4, false)
            .integer("byte_offset", 8, false)
            .pointer("file_object")
            .pointer("irp")
            .integer("high_res_response_time", 8, false)
            .integer("issuing_thread_id", 4, false)
            .build());
  }

  private static EtwEvent image(String name, int opcode) {
    return EtwEvent.ofOpcode(
        IMAGE,
        opcode,
        ANY,
        EtwFormat.builder(name)
            .pointer("image_base")
            .pointer("image_size")
            .integer("process_id", 4, false)
            .integer("image_checksum", 4, false)
            .integer("time_date_stamp", 4, false)
            .integer("signature_level", 1, false)
            .integer("signature_type", 1, false)
            .integer("reserved0", 2, false)
            .pointer("default_base")
            .bytes("reserved1", 16)
            .utf16("file_name")
            .build());
  }
}
