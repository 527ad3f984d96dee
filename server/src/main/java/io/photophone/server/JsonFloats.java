package io.photophone.server;

import java.util.Arrays;

/// Writes arrays of floats as JSON, several times faster than a general library, since frames are
/// thousands of numbers thirty times a second.
///
/// A number has seven significant digits, which is what a float holds, within one unit of the
/// seventh; zero for magnitudes below 1e-30; `null` for NaN and infinities, which JSON doesn't
/// have. Used by one thread.
final class JsonFloats {
  private static final int DIGITS = 7;
  private static final int LONGEST = 24;
  private static final double SMALLEST = 1e-30;

  /// 10^-45 … 10^45.
  private static final double[] POWERS = new double[91];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = Double.parseDouble("1e" + (i - 45));
    }
  }

  private byte[] buffer = new byte[1 << 16];
  private int length;

  /// Appends ASCII text as it is.
  JsonFloats raw(String ascii) {
    ensure(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      buffer[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /// Appends `[1.5,null,2e-9]` of the values from one index to before another.
  JsonFloats array(float[] values, int from, int to) {
    ensure((to - from) * LONGEST + 2);
    buffer[length++] = '[';
    for (int i = from; i < to; i++) {
      if (i > from) {
        buffer[length++] = ',';
      }
      number(values[i]);
    }
    buffer[length++] = ']';
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void ensure(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }

  private void number(float value) {
    if (!Float.isFinite(value)) {
      raw("null");
      return;
    }
    double magnitude = Math.abs((double) value);
    if (magnitude < SMALLEST) {
      buffer[length++] = '0';
      return;
    }
    if (value < 0) {
      buffer[length++] = '-';
    }
    int exponent = Math.floorDiv(Math.getExponent(magnitude) * 1233, 4096);
    if (magnitude >= POWERS[exponent + 46]) {
      exponent++;
    }
    long digits = Math.round(magnitude * POWERS[45 + DIGITS - 1 - exponent]);
    if (digits == 10_000_000) {
      digits = 1_000_000;
      exponent++;
    }
    if (exponent < -5 || exponent >= DIGITS) {
      decimal(digits, 1);
      buffer[length++] = 'e';
      integer(exponent);
    } else if (exponent < 0) {
      buffer[length++] = '0';
      buffer[length++] = '.';
      for (int i = exponent + 1; i < 0; i++) {
        buffer[length++] = '0';
      }
      significant(digits);
    } else {
      decimal(digits, exponent + 1);
    }
  }

  /// Seven digits with the point behind the given number of them, without zeros at the end.
  private void decimal(long digits, int whole) {
    long unit = 1;
    for (int i = whole; i < DIGITS; i++) {
      unit *= 10;
    }
    integer(digits / unit);
    long fraction = digits % unit;
    if (fraction == 0) {
      return;
    }
    buffer[length++] = '.';
    for (unit /= 10; unit > 0 && fraction > 0; unit /= 10) {
      buffer[length++] = (byte) ('0' + fraction / unit);
      fraction %= unit;
    }
  }

  private void significant(long digits) {
    long rest = digits;
    for (long unit = 1_000_000; unit > 0 && rest > 0; unit /= 10) {
      buffer[length++] = (byte) ('0' + rest / unit);
      rest %= unit;
    }
  }

  private void integer(long value) {
    long rest = value;
    if (rest < 0) {
      buffer[length++] = '-';
      rest = -rest;
    }
    int end = length + 1;
    for (long left = rest; left >= 10; left /= 10) {
      end++;
    }
    for (int at = end - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length = end;
  }
}
