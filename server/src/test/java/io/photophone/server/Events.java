package io.photophone.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event stream read from a socket, as slowly as the test likes. Once it is open, the server has
/// it among its subscribers.
final class Events implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  final RawResponse head;
  private final Socket socket;
  private final InputStream in;
  private final boolean packed;

  /// What the lines are in; null before the first of a compressed stream.
  private @Nullable InputStream text;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int leftOfChunk;
  private boolean begun;
  private boolean ended;

  /// An event as the wire has it.
  ///
  /// @param type of the event, `message` if it has none of its own
  record Received(String type, @Nullable String id, String data) {
    JsonNode json() {
      return JSON.readTree(data);
    }

    long number() {
      return json().get("frame_number").asLong();
    }

    long missed() {
      return json().get("missed").asLong();
    }
  }

  private Events(Socket socket, InputStream in, RawResponse head) {
    this.socket = socket;
    this.in = in;
    this.head = head;
    this.packed = "gzip".equals(head.header("content-encoding"));
  }

  static Events open(Socket socket, String pathAndQuery, String... headerLines) throws IOException {
    return open(socket, socket.getInputStream(), pathAndQuery, headerLines);
  }

  /// Reads from a stream in between instead of from the socket itself.
  static Events open(Socket socket, InputStream between, String pathAndQuery, String... headerLines)
      throws IOException {
    StringBuilder request =
        new StringBuilder("GET ").append(pathAndQuery).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headerLines) {
      request.append(header).append("\r\n");
    }
    socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
    InputStream in = new BufferedInputStream(between);
    RawResponse head = RawResponse.readHead(in);
    if (!"chunked".equals(head.header("transfer-encoding"))) {
      throw new IOException(pathAndQuery + " is no stream: " + head);
    }
    return new Events(socket, in, head);
  }

  /// The next event; null at the end of a stream that the server ended properly.
  ///
  /// @throws IOException if the connection is cut, or nothing comes in time
  @Nullable Received next() throws IOException {
    String type = "message";
    String id = null;
    String data = null;
    while (true) {
      String next = line();
      if (next == null) {
        return null;
      }
      if (next.isEmpty()) {
        if (data != null) {
          return new Received(type, id, data);
        }
      } else if (next.startsWith("event: ")) {
        type = next.substring(7);
      } else if (next.startsWith("id: ")) {
        id = next.substring(4);
      } else if (next.startsWith("data: ") && data == null) {
        data = next.substring(6);
      } else if (!next.startsWith("retry: ")) {
        throw new IOException("not a line of an event: " + next);
      }
    }
  }

  /// The next event, which is of this type.
  Received next(String type) throws IOException {
    Received next = next();
    if (next == null || !next.type().equals(type)) {
      throw new AssertionError("expected " + type + ", not " + next);
    }
    return next;
  }

  private @Nullable String line() throws IOException {
    line.reset();
    while (true) {
      int next = text().read();
      if (next < 0) {
        return null;
      }
      if (next == '\n') {
        return line.toString(UTF_8);
      }
      line.write(next);
    }
  }

  /// At the end of a compressed stream its sum and length are checked.
  private InputStream text() throws IOException {
    if (text == null) {
      text = packed ? new GZIPInputStream(new Body()) : new Body();
    }
    return text;
  }

  /// What is in the chunks, without waiting for more than there is.
  private final class Body extends InputStream {
    @Override
    public int read() throws IOException {
      return readBody();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int next = readBody();
      if (next < 0) {
        return -1;
      }
      bytes[from] = (byte) next;
      return 1;
    }
  }

  private int readBody() throws IOException {
    if (ended) {
      return -1;
    }
    if (leftOfChunk == 0) {
      if (begun) {
        chunkLine();
      }
      begun = true;
      leftOfChunk = HexFormat.fromHexDigits(chunkLine());
      if (leftOfChunk == 0) {
        chunkLine();
        ended = true;
        return -1;
      }
    }
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection was cut");
    }
    leftOfChunk--;
    return next;
  }

  /// A line around the chunks. The one behind a chunk comes with the next chunk.
  private String chunkLine() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection was cut");
      }
      if (next != '\r') {
        text.append((char) next);
      }
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
