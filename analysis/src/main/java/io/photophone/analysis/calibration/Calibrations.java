package io.photophone.analysis.calibration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All calibrations of one instrument, oldest first. They are only ever added to, so that what was
/// in force at a time stays so.
///
/// Contract: M8.
///
/// @param configured by gas, older than every record
/// @param records accepted ones, in the order of acceptance
public record Calibrations(
    String instrument, Map<String, Calibration> configured, List<CalibrationRecord> records) {

  public Calibrations {
    configured = Map.copyOf(configured);
    records = List.copyOf(records);
    for (int i = 0; i < records.size(); i++) {
      check(records.get(i), records.subList(0, i), instrument, configured);
    }
  }

  private static void check(
      CalibrationRecord added,
      List<CalibrationRecord> before,
      String instrument,
      Map<String, Calibration> configured) {
    String id = added.calibration().id();
    if (!added.instrument().equals(instrument)) {
      throw new IllegalArgumentException(
          "calibration %s is of the instrument %s, allowed: %s"
              .formatted(id, added.instrument(), instrument));
    }
    if (ids(configured, before).anyMatch(id::equals)) {
      throw new IllegalArgumentException(
          "calibration %s is there already, allowed: another id".formatted(id));
    }
    for (CalibrationRecord older : before) {
      if (older.gas().equals(added.gas()) && added.validFrom().isBefore(older.validFrom())) {
        throw new IllegalArgumentException(
            "calibration %s of %s is valid from %s, allowed: not before %s, when %s came in force"
                .formatted(
                    id,
                    added.gas(),
                    added.validFrom(),
                    older.validFrom(),
                    older.calibration().id()));
      }
    }
  }

  private static Stream<String> ids(
      Map<String, Calibration> configured, List<CalibrationRecord> records) {
    return Stream.concat(
        configured.values().stream().map(Calibration::id),
        records.stream().map(record -> record.calibration().id()));
  }

  /// Only what the configuration says; nothing was accepted yet.
  public static Calibrations configured(String instrument, Map<String, Calibration> configured) {
    return new Calibrations(instrument, configured, List.of());
  }

  /// With one more.
  ///
  /// @throws IllegalArgumentException if it is of another instrument, has an id that is taken, or
  ///   would change what was in force before the newest of its gas
  public Calibrations with(CalibrationRecord added) {
    List<CalibrationRecord> all = new ArrayList<>(records);
    all.add(added);
    return new Calibrations(instrument, configured, all);
  }

  /// The calibration for readings of a gas: the accepted one in force, else the configured one. It
  /// may have expired.
  ///
  /// @param at when the reading's window began; null where a recording doesn't tell, and then the
  ///   newest counts
  /// @return null if there is none
  public @Nullable Calibration inForce(String gas, @Nullable Instant at) {
    Calibration accepted = acceptedInForce(gas, at);
    return accepted == null ? configured.get(gas) : accepted;
  }

  /// The newest accepted calibration of a gas that is valid from that time or before; null if there
  /// is none.
  ///
  /// @param at as above
  public @Nullable Calibration acceptedInForce(String gas, @Nullable Instant at) {
    return records.reversed().stream()
        .filter(record -> record.gas().equals(gas))
        .filter(record -> at == null || !record.validFrom().isAfter(at))
        .map(CalibrationRecord::calibration)
        .findFirst()
        .orElse(null);
  }

  /// The accepted calibration of that id.
  ///
  /// @throws IllegalArgumentException if there is none
  public CalibrationRecord accepted(String id) {
    return records.stream()
        .filter(record -> record.calibration().id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "calibration is %s, allowed: %s"
                    .formatted(
                        id,
                        records.isEmpty()
                            ? "none, since none was accepted yet"
                            : String.join(", ", ids(Map.of(), records).toList()))));
  }

  /// What puts an older calibration in force again: a record to add.
  ///
  /// @param id of an accepted one
  public CalibrationRecord restoring(String id, String who, String comment, Instant from) {
    CalibrationRecord older = accepted(id);
    return new CalibrationRecord(
        instrument,
        older.gas(),
        CalibrationKind.RESTORED,
        older.calibration().again(nextId(older.gas()), from),
        who,
        older.bottle(),
        "restores %s%s".formatted(id, comment.isBlank() ? "" : ": " + comment),
        null);
  }

  /// An id that isn't taken, as in `CO2-3`.
  public String nextId(String gas) {
    List<String> taken = ids(configured, records).toList();
    return IntStream.iterate(records.size() + 1, n -> n + 1)
        .mapToObj(n -> gas + "-" + n)
        .filter(id -> !taken.contains(id))
        .findFirst()
        .orElseThrow();
  }
}
