package io.photophone.events.windows;

import java.io.IOException;

/// A call to ETW failed; the message says what helps.
public final class EtwException extends IOException {
  private static final long serialVersionUID = 1;

  /// The code of an ETW that isn't there at all: `ERROR_NOT_SUPPORTED`.
  static final int NOT_SUPPORTED = 50;

  private final int code;

  private EtwException(String message, int code) {
    super(message);
    this.code = code;
  }

  /// @param session name
  static EtwException of(String call, String session, int code) {
    return new EtwException(
        "%s of session %s failed with error %d: %s"
            .formatted(call, session, code, remedy(code, session)),
        code);
  }

  static EtwException notHere(String reason) {
    return new EtwException(reason, NOT_SUPPORTED);
  }

  /// What Windows returned (winerror.h).
  public int code() {
    return code;
  }

  private static String remedy(int code, String session) {
    return switch (code) {
      case 5 ->
          "access denied; run as administrator, or as a member of Performance Log Users (kernel"
              + " events need an administrator)";
      case 8, 14 -> "out of memory; ask for fewer or smaller buffers";
      case 87 ->
          "Windows takes a setting for wrong; kernel events in a session of any name need Windows"
              + " 8 or later, and buffers may be too large";
      case 161, 123 -> "the session's name is no allowed name";
      case 183 ->
          "there is a session of that name; end it by: logman stop \"%s\" -ets".formatted(session);
      case 1168, 4201 -> "there is no such session; did something else end it?";
      case 1450 ->
          "Windows has no room for another session (64 in all, 8 with kernel events); list them by:"
              + " logman query -ets";
      case 112 -> "the disk is full";
      default -> "see: net helpmsg " + code;
    };
  }
}
