package io.photophone.server.protocol;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.server.protocol.ModbusServerSettings.WordOrder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The registers that a Modbus client reads: a directory, and a block for each gas of each
/// instrument. Addresses count from 0 as on the wire; `docs/formats/modbus.md` is their reference.
///
/// ```
///   0  identification 0x5050       5  heartbeat, s modulo 65536
///   1  version of the map, 1       6  running for, s (uint32)
///   2  number of blocks
///   3  registers from one block to the next, 100
///   4  address of the first block, 100
///
/// 100 (n + 1), block n:
///   0  status bits                 18  modulation, Hz
///   1  flag bits                   20  resonance, Hz
///   2  heartbeat                   22  temperature, °C
///   3  number of readings          24  pressure, hPa
///   4  age, ms (uint32)            26  frames a second
///   6  concentration               28  unit of the concentration
///   8  standard uncertainty        29  number of alarms
///  10  amplitude                   30  state of the first of 32 alarms
///  12  standard uncertainty        62  name of the instrument, 32 bytes
///  14  phase, °                    78  name of the gas, 32 bytes
///  16  noise density
/// ```
///
/// Values that take two registers are float32 unless said.
final class RegisterMap {
  static final int STRIDE = 100;

  /// Status bits.
  static final int RUNNING = 1;

  static final int VALID = 1 << 1;
  static final int STALE = 1 << 2;
  static final int ALARM = 1 << 3;
  static final int UNACKNOWLEDGED = 1 << 4;

  private static final int IDENTIFICATION = 0x5050;
  private static final int VERSION = 1;
  private static final int ALARMS = 32;
  private static final int NO_ALARM = 0xFFFF;
  private static final int NAME_BYTES = 32;

  /// The age where there is no reading yet, or one that is older than the number can tell.
  private static final long AGELESS = 0xFFFF_FFFFL;

  private final WordOrder order;
  private final int blocks;

  /// @param blocks how many; their registers must have addresses
  RegisterMap(WordOrder order, int blocks) {
    this.order = order;
    this.blocks = blocks;
    if (size() > 1 << 16) {
      throw new IllegalArgumentException(
          "%d gases are measured, allowed over Modbus: %d"
              .formatted(blocks, (1 << 16) / STRIDE - 1));
    }
  }

  /// How many registers there are.
  int size() {
    return STRIDE * (blocks + 1);
  }

  /// What a block tells, taken at one moment.
  ///
  /// @param reading null before the first, or where its numbers aren't to be shown
  /// @param fill of the numbers where there is no reading to show
  /// @param valid whether the reading can be trusted and is new enough
  /// @param ageMillis of the reading; null before the first
  record Block(
      String instrument,
      String gas,
      AcquisitionState.Phase phase,
      float framesPerSecond,
      @Nullable Reading reading,
      float fill,
      boolean valid,
      boolean stale,
      int readings,
      @Nullable Long ageMillis,
      List<AlarmStatus> alarms) {}

  /// @param upSeconds since the program began to answer
  ByteBuffer directory(long upSeconds) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * STRIDE);
    word(bytes, IDENTIFICATION);
    word(bytes, VERSION);
    word(bytes, blocks);
    word(bytes, STRIDE);
    word(bytes, STRIDE);
    word(bytes, heartbeat(upSeconds));
    twoWords(bytes, (int) upSeconds);
    return bytes.rewind();
  }

  ByteBuffer block(Block block, long upSeconds) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * STRIDE);
    Reading reading = block.reading();
    Concentration concentration = reading == null ? null : reading.concentration();
    word(bytes, status(block));
    word(bytes, reading == null ? 0 : flags(reading));
    word(bytes, heartbeat(upSeconds));
    word(bytes, block.readings());
    Long age = block.ageMillis();
    twoWords(bytes, (int) (age == null ? AGELESS : Math.min(age, AGELESS)));
    if (reading == null) {
      for (int i = 0; i < 10; i++) {
        number(bytes, block.fill());
      }
    } else {
      number(bytes, concentration == null ? Double.NaN : concentration.value());
      number(bytes, concentration == null ? Double.NaN : concentration.standardUncertainty());
      number(bytes, reading.phasor().amplitude());
      number(bytes, reading.phasor().standardUncertainty());
      number(bytes, reading.phasor().phaseDeg());
      number(bytes, reading.noiseDensity());
      number(bytes, reading.modulationHz());
      number(bytes, reading.resonance() == null ? Double.NaN : reading.resonance().frequencyHz());
      number(bytes, reading.environment().temperatureC());
      number(bytes, reading.environment().pressureHpa());
    }
    number(bytes, block.framesPerSecond());
    word(bytes, concentration == null ? 0 : code(concentration.unit()));
    word(bytes, block.alarms().size());
    for (int i = 0; i < ALARMS; i++) {
      word(bytes, i < block.alarms().size() ? code(block.alarms().get(i).state()) : NO_ALARM);
    }
    name(bytes, block.instrument());
    name(bytes, block.gas());
    return bytes.rewind();
  }

  private static int heartbeat(long upSeconds) {
    return (int) upSeconds & 0xFFFF;
  }

  private static int status(Block block) {
    boolean alarm =
        block.alarms().stream()
            .anyMatch(each ->
                each.state() == AlarmState.RAISED || each.state() == AlarmState.ACKNOWLEDGED);
    boolean unacknowledged =
        block.alarms().stream().anyMatch(each -> each.state().wantsAcknowledgement());
    return (block.phase() == AcquisitionState.Phase.RUNNING ? RUNNING : 0)
        | (block.valid() ? VALID : 0)
        | (block.stale() ? STALE : 0)
        | (alarm ? ALARM : 0)
        | (unacknowledged ? UNACKNOWLEDGED : 0);
  }

  private static int flags(Reading reading) {
    int bits = 0;
    for (ReadingFlag flag : reading.flags()) {
      bits |= 1 << bit(flag);
    }
    return bits;
  }

  /// Apart from the order in the source, which may change.
  private static int bit(ReadingFlag flag) {
    return switch (flag) {
      case SETTLING -> 0;
      case GAP -> 1;
      case CLIPPED -> 2;
      case LOW_SIGNAL -> 3;
      case OFF_RESONANCE -> 4;
      case OUT_OF_RANGE -> 5;
      case CALIBRATION_EXPIRED -> 6;
      case UNCALIBRATED -> 7;
      case NO_ENVIRONMENT -> 8;
      case SIMULATED -> 9;
    };
  }

  private static int code(ConcentrationUnit unit) {
    return switch (unit) {
      case PPM -> 1;
      case PPB -> 2;
      case MG_PER_M3 -> 3;
    };
  }

  private static int code(AlarmState state) {
    return switch (state) {
      case NORMAL -> 0;
      case PENDING -> 1;
      case RAISED -> 2;
      case ACKNOWLEDGED -> 3;
      case CLEARED_UNACKNOWLEDGED -> 4;
    };
  }

  private static void word(ByteBuffer bytes, int value) {
    bytes.putShort((short) value);
  }

  private void number(ByteBuffer bytes, double value) {
    twoWords(bytes, Float.floatToIntBits((float) value));
  }

  private void twoWords(ByteBuffer bytes, int value) {
    bytes.putInt(
        switch (order) {
          case BIG -> value;
          case LITTLE -> Integer.rotateLeft(value, 16);
        });
  }

  /// UTF-8, cut at a whole character, and zeros.
  private static void name(ByteBuffer bytes, String name) {
    ByteBuffer field = bytes.slice(bytes.position(), NAME_BYTES);
    StandardCharsets.UTF_8
        .newEncoder()
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(name), field, true);
    bytes.position(bytes.position() + NAME_BYTES);
  }
}
