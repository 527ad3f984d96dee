package io.photophone.server.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.model.AlarmState;
import io.photophone.model.Concentration;
import io.photophone.model.ReadingFlag;
import io.photophone.server.protocol.ModbusServerSettings.OnStale;
import io.photophone.server.protocol.ModbusServerSettings.WordOrder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a client of another make: j2mod's.
@Timeout(60)
final class ModbusServerTest {
  private static final int UNIT = 17;
  private static final int FIRST = 100;
  private static final int SECOND = 200;

  private final FakeCell cell = new FakeCell("cell-1", "CO2", "CH4");
  private final AtomicLong nanos = new AtomicLong(1);
  private ModbusServer server;

  private static ModbusServerSettings settings(WordOrder order, OnStale onStale) {
    return settings(order, onStale, 4, Duration.ofMinutes(1), List.of("127.0.0.1"));
  }

  private static ModbusServerSettings settings(
      WordOrder order, OnStale onStale, int connections, Duration idle, List<String> allow) {
    return new ModbusServerSettings(
        "127.0.0.1", 0, UNIT, order, onStale, Duration.ofSeconds(10), connections, idle, allow);
  }

  private void serve() throws IOException {
    serve(settings(WordOrder.BIG, OnStale.NAN));
  }

  private void serve(ModbusServerSettings settings) throws IOException {
    server =
        ModbusServer.start(
            settings,
            List.of(cell.published(), new FakeCell("cell-2", "NO2").published()),
            nanos::get);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private interface Reads<T> {
    T by(ModbusTCPMaster client) throws ModbusException;
  }

  private <T> T ask(Reads<T> reads) throws Exception {
    ModbusTCPMaster client = client();
    try {
      return reads.by(client);
    } finally {
      client.disconnect();
    }
  }

  private ModbusTCPMaster client() throws Exception {
    ModbusTCPMaster client = new ModbusTCPMaster("127.0.0.1", server.address().getPort());
    client.setRetries(0);
    client.connect();
    return client;
  }

  private ByteBuffer input(int from, int count) throws Exception {
    return bytes(ask(client -> client.readInputRegisters(UNIT, from, count)));
  }

  private static ByteBuffer bytes(InputRegister[] registers) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * registers.length);
    for (InputRegister register : registers) {
      bytes.putShort(register.toShort());
    }
    return bytes.flip();
  }

  private static int word(ByteBuffer bytes, int register) {
    return Short.toUnsignedInt(bytes.getShort(2 * register));
  }

  private static float number(ByteBuffer bytes, int register) {
    return bytes.getFloat(2 * register);
  }

  private static String text(ByteBuffer bytes, int register) {
    byte[] field = new byte[32];
    bytes.get(2 * register, field);
    return new String(field, StandardCharsets.UTF_8).trim();
  }

  private void awaitReadings(int block, int count) throws Exception {
    await(() -> word(uncheckedInput(block, 4), 3) == count);
  }

  private ByteBuffer uncheckedInput(int from, int count) {
    try {
      return input(from, count);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// The test's time limit ends a wait in vain.
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static ModbusSlaveException refusal(ThrowingRead read) {
    return assertThrows(ModbusSlaveException.class, read::run);
  }

  private interface ThrowingRead {
    void run() throws Exception;
  }

  @Test
  void the_directory_tells_the_blocks_and_counts_seconds() throws Exception {
    serve();
    nanos.addAndGet(Duration.ofHours(20).toNanos());
    ByteBuffer directory = input(0, 10);
    assertArrayEquals(
        new int[] {0x5050, 1, 3, 100, 100, 72_000 & 0xFFFF},
        new int[] {
          word(directory, 0),
          word(directory, 1),
          word(directory, 2),
          word(directory, 3),
          word(directory, 4),
          word(directory, 5)
        });
    assertEquals(72_000, directory.getInt(12));
  }

  @Test
  void a_block_is_the_newest_reading_of_its_gas() throws Exception {
    cell.alarms.add(FakeCell.alarm("CO2", "high", AlarmState.RAISED));
    cell.alarms.add(FakeCell.alarm("CH4", "other", AlarmState.PENDING));
    cell.alarms.add(FakeCell.alarm("CO2", "silent", AlarmState.CLEARED_UNACKNOWLEDGED));
    serve();
    cell.send("CO2", 1);
    cell.send("CH4", 100);
    cell.send("CO2", 2.5, ReadingFlag.SIMULATED, ReadingFlag.LOW_SIGNAL);
    awaitReadings(FIRST, 2);
    nanos.addAndGet(Duration.ofMillis(1500).toNanos());
    ByteBuffer block = input(FIRST, 100);
    assertEquals(0b11011, word(block, 0), "running, valid, alarm, unacknowledged");
    assertEquals(1 << 3 | 1 << 9, word(block, 1));
    assertEquals(1, word(block, 2));
    assertEquals(1500, block.getInt(8));
    assertEquals(2.5f, number(block, 6));
    assertEquals(5f, number(block, 8));
    assertEquals(20f, number(block, 10));
    assertEquals(40f, number(block, 12));
    assertEquals(90f, number(block, 14));
    assertEquals(80f, number(block, 16));
    assertEquals(10f, number(block, 18));
    assertEquals(160f, number(block, 20));
    assertEquals(25f, number(block, 22));
    assertEquals(1013.25f, number(block, 24));
    assertEquals(30f, number(block, 26));
    assertEquals(2, word(block, 28), "ppb");
    assertEquals(2, word(block, 29), "alarms");
    assertEquals(2, word(block, 30), "raised");
    assertEquals(4, word(block, 31), "cleared_unacknowledged");
    assertEquals(0xFFFF, word(block, 32), "no third");
    assertEquals("cell-1", text(block, 62));
    assertEquals("CO2", text(block, 78));
    assertEquals(100f, number(input(SECOND, 8), 6));
  }

  @Test
  void holding_registers_are_the_same_and_can_not_be_written() throws Exception {
    serve();
    cell.send("CO2", 2.5);
    awaitReadings(FIRST, 1);
    assertEquals(
        input(FIRST, 40), bytes(ask(client -> client.readMultipleRegisters(UNIT, FIRST, 40))));
    assertEquals(
        1,
        refusal(() -> ask(client -> client.writeSingleRegister(UNIT, FIRST, new SimpleRegister(1))))
            .getType());
    Register[] two = {new SimpleRegister(1), new SimpleRegister(2)};
    assertEquals(
        1, refusal(() -> ask(client -> client.writeMultipleRegisters(UNIT, FIRST, two))).getType());
    assertEquals(1, refusal(() -> ask(client -> client.writeCoil(UNIT, 0, true))).getType());
    assertEquals(1, refusal(() -> ask(client -> client.readCoils(UNIT, 0, 8))).getType());
    assertEquals(4, server.state().exceptions());
  }

  @Test
  void with_the_low_word_first_the_bytes_of_a_word_keep_their_order() throws Exception {
    serve(settings(WordOrder.LITTLE, OnStale.NAN));
    cell.send("CO2", 2.5);
    awaitReadings(FIRST, 1);
    int bits = Float.floatToIntBits(2.5f);
    ByteBuffer block = input(FIRST, 8);
    assertEquals(bits & 0xFFFF, word(block, 6));
    assertEquals(bits >>> 16, word(block, 7));
  }

  @ParameterizedTest
  @CsvSource({"NAN, NaN", "HOLD, 2.5", "ZERO, 0"})
  void a_reading_that_is_too_old_is_told(OnStale onStale, float expected) throws Exception {
    serve(settings(WordOrder.BIG, onStale));
    cell.send("CO2", 2.5);
    awaitReadings(FIRST, 1);
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertEquals(0b00011, word(input(FIRST, 1), 0));
    nanos.addAndGet(1);
    cell.phase = Phase.RETRYING;
    ByteBuffer block = input(FIRST, 100);
    assertEquals(0b00100, word(block, 0));
    assertEquals(1, word(block, 3), "the count of readings stands still");
    assertEquals(10_000, block.getInt(8));
    for (int register = 6; register < 8; register += 2) {
      assertEquals(expected, number(block, register));
    }
    assertEquals(10, word(block, 2), "and the heartbeat goes on");
  }

  @Test
  void before_the_first_reading_there_is_nothing_to_trust() throws Exception {
    serve();
    ByteBuffer block = input(FIRST, 100);
    assertEquals(0b00101, word(block, 0));
    assertEquals(0, word(block, 3));
    assertEquals(-1, block.getInt(8));
    assertTrue(Float.isNaN(number(block, 6)));
    assertEquals(0, word(block, 28));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GAP", "CLIPPED", "OFF_RESONANCE"})
  void a_reading_that_no_alarm_would_trust_is_not_valid(ReadingFlag flag) throws Exception {
    serve();
    cell.send("CO2", 2.5, flag);
    awaitReadings(FIRST, 1);
    assertEquals(0b00001, word(input(FIRST, 1), 0));
  }

  @Test
  void a_reading_without_a_concentration_has_an_amplitude() throws Exception {
    serve();
    cell.send(cell.reading("CO2", 2.5, (Concentration) null, ReadingFlag.UNCALIBRATED));
    awaitReadings(FIRST, 1);
    ByteBuffer block = input(FIRST, 30);
    assertEquals(0b00001, word(block, 0));
    assertTrue(Float.isNaN(number(block, 6)));
    assertEquals(20f, number(block, 10));
    assertEquals(0, word(block, 28));
  }

  @Test
  void no_answer_mixes_two_readings() throws Exception {
    serve();
    Thread measurement =
        Thread.ofPlatform()
            .name("test measurement")
            .start(() -> {
              for (int value = 1; !Thread.currentThread().isInterrupted(); value++) {
                cell.send("CO2", value % 1000 + 1);
              }
            });
    ModbusTCPMaster client = client();
    try {
      for (int i = 0; i < 2000; i++) {
        ByteBuffer block = bytes(client.readInputRegisters(UNIT, FIRST, 30));
        float value = number(block, 6);
        if (!Float.isNaN(value)) {
          assertEquals(2 * value, number(block, 8));
          assertEquals(64 * value, number(block, 20));
        }
      }
    } finally {
      measurement.interrupt();
      measurement.join();
      client.disconnect();
    }
  }

  @Test
  void a_read_over_the_border_of_two_blocks_is_both() throws Exception {
    serve();
    cell.send("CO2", 1);
    cell.send("CH4", 7);
    awaitReadings(SECOND, 1);
    ByteBuffer both = input(FIRST + 78, 30);
    assertEquals("CO2", text(both, 0));
    assertEquals(7f, number(both, 28));
  }

  @ParameterizedTest
  @CsvSource({"400, 1, 2", "399, 2, 2", "65535, 1, 2", "0, 0, 3", "0, 126, 3"})
  void an_address_that_is_not_there_is_an_exception(int from, int count, int exception)
      throws Exception {
    serve();
    byte[] answer = raw(request(UNIT, 4, from, count), 9);
    assertArrayEquals(new byte[] {0, 5, 0, 0, 0, 3, UNIT, (byte) 0x84, (byte) exception}, answer);
  }

  @Test
  void the_last_register_can_be_read() throws Exception {
    serve();
    assertEquals(0, word(input(399, 1), 0));
  }

  @Test
  void another_unit_is_an_exception_and_the_two_that_mean_any_are_not() throws Exception {
    serve();
    assertEquals(11, refusal(() -> ask(client -> client.readInputRegisters(18, 0, 1))).getType());
    assertEquals(0x5050, word(bytes(ask(client -> client.readInputRegisters(255, 0, 1))), 0));
    assertEquals(0x5050, word(bytes(ask(client -> client.readInputRegisters(0, 0, 1))), 0));
  }

  private static byte[] request(int unit, int function, int from, int count) {
    return ByteBuffer.allocate(12)
        .putShort((short) 5)
        .putShort((short) 0)
        .putShort((short) 6)
        .put((byte) unit)
        .put((byte) function)
        .putShort((short) from)
        .putShort((short) count)
        .array();
  }

  private Socket socket() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
  }

  /// What comes back, up to so many bytes or the end of the connection.
  private byte[] raw(byte[] request, int most) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(request);
      return socket.getInputStream().readNBytes(most);
    }
  }

  @Test
  void a_function_that_nobody_knows_is_an_exception() throws Exception {
    serve();
    byte[] strange = {0, 5, 0, 0, 0, 2, UNIT, 99};
    assertArrayEquals(new byte[] {0, 5, 0, 0, 0, 3, UNIT, (byte) 227, 1}, raw(strange, 9));
    byte[] tooShort = {0, 5, 0, 0, 0, 4, UNIT, 4, 0, 0};
    assertArrayEquals(new byte[] {0, 5, 0, 0, 0, 3, UNIT, (byte) 0x84, 3}, raw(tooShort, 9));
  }

  @Test
  void what_is_no_modbus_ends_its_connection_and_no_other() throws Exception {
    serve();
    byte[][] all = {
      "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
      {0, 5, 0, 0, 0, 0, UNIT, 4},
      {0, 5, 0, 0, 0, 1, UNIT, 4},
      {0, 5, 0, 1, 0, 6, UNIT, 4, 0, 0, 0, 1},
      {0, 5, 0, 0, (byte) 0xFF, (byte) 0xFF, UNIT, 4, 0, 0, 0, 1}
    };
    ModbusTCPMaster other = client();
    for (byte[] each : all) {
      assertEquals(0, raw(each, 1).length, () -> Arrays.toString(each));
    }
    assertEquals(all.length, server.state().malformed());
    assertEquals(0x5050, word(bytes(other.readInputRegisters(UNIT, 0, 1)), 0));
    other.disconnect();
  }

  @Test
  void no_more_clients_than_allowed_are_let_in() throws Exception {
    serve(settings(WordOrder.BIG, OnStale.NAN, 2, Duration.ofMinutes(1), List.of("127.0.0.1")));
    try (Socket first = socket();
        Socket second = socket()) {
      await(() -> server.state().connections() == 2);
      assertEquals(0, raw(new byte[0], 1).length);
      assertEquals(1, server.state().full());
      first.getOutputStream().write(request(UNIT, 4, 0, 1));
      second.getOutputStream().write(request(UNIT, 4, 0, 1));
      assertEquals(11, first.getInputStream().readNBytes(11).length);
      assertEquals(11, second.getInputStream().readNBytes(11).length);
    }
    await(() -> server.state().connections() == 0);
    assertEquals(0x5050, word(input(0, 1), 0));
  }

  @Test
  void an_address_that_is_not_allowed_is_cut() throws Exception {
    serve(settings(WordOrder.BIG, OnStale.NAN, 4, Duration.ofMinutes(1), List.of("10.0.0.0/8")));
    assertEquals(0, raw(new byte[0], 1).length);
    assertEquals(1, server.state().refused());
    assertEquals(0, server.state().accepted());
  }

  @Test
  void a_client_that_asks_nothing_whole_loses_its_place() throws Exception {
    serve(settings(WordOrder.BIG, OnStale.NAN, 1, Duration.ofSeconds(1), List.of("127.0.0.1")));
    try (Socket silent = socket()) {
      silent.getOutputStream().write(new byte[] {0, 5, 0});
      assertEquals(-1, silent.getInputStream().read());
    }
    assertEquals(1, server.state().idle());
  }

  @Test
  void a_client_that_reads_nothing_holds_up_nobody() throws Exception {
    serve();
    try (Socket deaf = socket()) {
      byte[] many = new byte[12 * 1000];
      byte[] one = request(UNIT, 4, FIRST, 100);
      for (int i = 0; i < many.length; i += one.length) {
        System.arraycopy(one, 0, many, i, one.length);
      }
      // The server stops reading once its answers stay unread, so this write ends only by the
      // close.
      Thread flood =
          Thread.ofPlatform()
              .name("test flood")
              .start(() -> {
                try {
                  while (true) {
                    deaf.getOutputStream().write(many);
                  }
                } catch (IOException _) {
                  // The test has ended it.
                }
              });
      await(() -> stands(server));
      assertEquals(0x5050, word(input(0, 1), 0));
      deaf.shutdownOutput();
      flood.join();
    }
  }

  /// Whether no request was answered for a while.
  private static boolean stands(ModbusServer server) {
    long before = server.state().requests();
    long until = System.nanoTime() + Duration.ofMillis(300).toNanos();
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return before > 0 && server.state().requests() == before;
  }

  @Test
  void a_port_that_is_taken_is_told() throws Exception {
    serve();
    int port = server.address().getPort();
    ModbusServerSettings same =
        new ModbusServerSettings(
            "127.0.0.1",
            port,
            UNIT,
            WordOrder.BIG,
            OnStale.NAN,
            Duration.ofSeconds(1),
            1,
            Duration.ofSeconds(1),
            List.of());
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> ModbusServer.start(same, List.of()))
                .getMessage());
    assertTrue(
        message.startsWith("modbus_server: port %d of 127.0.0.1 can't be had".formatted(port)),
        message);
  }

  @Test
  void a_close_cuts_the_clients_and_ends_the_threads() throws Exception {
    serve();
    try (Socket socket = socket()) {
      InputStream in = socket.getInputStream();
      await(() -> server.state().connections() == 1);
      server.close();
      assertEquals(-1, in.read());
    }
    await(() ->
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("modbus server")));
    assertEquals(0, cell.readings.receiverCount());
  }

  @Test
  void more_gases_than_addresses_are_refused() {
    String[] many = new String[655];
    Arrays.setAll(many, i -> "gas " + i);
    FakeCell wide = new FakeCell("wide", many);
    assertEquals(
        "655 gases are measured, allowed over Modbus: 654",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ModbusServer.start(
                        settings(WordOrder.BIG, OnStale.NAN), List.of(wide.published())))
            .getMessage());
  }
}
