package io.photophone.dsp;

/// The modulus k of elliptic integrals and functions, with k' = √(1 − k²) beside it, as neither can
/// be had from the other without loss when it is small.
///
/// Source: Digital Library of Mathematical Functions (DLMF), equations in the comments. The same
/// bits on every machine.
record EllipticModulus(double k, double complementK) {
  /// More than the terms and steps needed until nothing changes, for any double.
  private static final int MOST_STEPS = 60;

  /// Jacobi's functions of one argument.
  record Functions(double sn, double cn, double dn) {}

  /// @param k in (0, 1)
  static EllipticModulus of(double k) {
    return new EllipticModulus(k, StrictMath.sqrt((1 - k) * (1 + k)));
  }

  EllipticModulus complement() {
    return new EllipticModulus(complementK, k);
  }

  /// K(k) by the arithmetic-geometric mean, DLMF 19.8.5.
  double quarterPeriod() {
    double a = 1;
    double g = complementK;
    for (int step = 0; step < MOST_STEPS && Math.abs(a - g) > Math.ulp(a); step++) {
      double mean = (a + g) / 2;
      g = StrictMath.sqrt(a * g);
      a = mean;
    }
    return Math.PI / (2 * a);
  }

  /// The modulus whose ratio K'/K is this one's divided by `degree`: theta functions of the nome's
  /// root, DLMF 22.2.2 and 20.2(i).
  EllipticModulus ofDegree(int degree) {
    double nome =
        StrictMath.exp(-Math.PI * complement().quarterPeriod() / (quarterPeriod() * degree));
    double two = 0;
    double three = 1;
    double four = 1;
    for (int n = 0; n < MOST_STEPS; n++) {
      two += StrictMath.pow(nome, n * (n + 1.0));
      double term = 2 * StrictMath.pow(nome, (n + 1.0) * (n + 1.0));
      three += term;
      four += n % 2 == 0 ? -term : term;
    }
    double k = 4 * StrictMath.sqrt(nome) * (two / three) * (two / three);
    return new EllipticModulus(k, (four / three) * (four / three));
  }

  /// The u with sn(u) / cn(u) = `ratio` for the complementary modulus: F(arctan ratio, k'), DLMF
  /// 19.25.5.
  double complementInverseSc(double ratio) {
    double cosine = 1 / StrictMath.sqrt(1 + ratio * ratio);
    double sine = ratio * cosine;
    double c = cosine * cosine;
    return sine * symmetricIntegral(c, c + k * k * sine * sine, 1);
  }

  /// Carlson's R_F by duplication, DLMF 19.26.18 and 19.36.1.
  private static double symmetricIntegral(double x, double y, double z) {
    double spread = 1;
    double a = 0;
    for (int step = 0; step < MOST_STEPS && spread > 1e-3; step++) {
      double rootX = StrictMath.sqrt(x);
      double rootY = StrictMath.sqrt(y);
      double rootZ = StrictMath.sqrt(z);
      double lambda = rootX * rootY + rootY * rootZ + rootZ * rootX;
      x = (x + lambda) / 4;
      y = (y + lambda) / 4;
      z = (z + lambda) / 4;
      a = (x + y + z) / 3;
      spread = Math.max(Math.abs(a - x), Math.max(Math.abs(a - y), Math.abs(a - z))) / a;
    }
    double dx = 1 - x / a;
    double dy = 1 - y / a;
    double dz = -dx - dy;
    double e2 = dx * dy - dz * dz;
    double e3 = dx * dy * dz;
    double series =
        1
            - e2 / 10
            + e3 / 14
            + e2 * e2 / 24
            - 3 * e2 * e3 / 44
            - 5 * e2 * e2 * e2 / 208
            + 3 * e3 * e3 / 104;
    return series / StrictMath.sqrt(a);
  }

  /// By descending means, DLMF 22.20(ii).
  Functions functionsAt(double u) {
    double[] a = new double[MOST_STEPS];
    double[] c = new double[MOST_STEPS];
    a[0] = 1;
    c[0] = k;
    double g = complementK;
    int last = 0;
    while (last + 1 < MOST_STEPS && Math.abs(c[last]) > Math.ulp(a[last])) {
      a[last + 1] = (a[last] + g) / 2;
      c[last + 1] = (a[last] - g) / 2;
      g = StrictMath.sqrt(a[last] * g);
      last++;
    }
    double phi = StrictMath.scalb(a[last] * u, last);
    for (int n = last; n > 0; n--) {
      phi = (phi + StrictMath.asin(c[n] / a[n] * StrictMath.sin(phi))) / 2;
    }
    double sn = StrictMath.sin(phi);
    double cn = StrictMath.cos(phi);
    return new Functions(sn, cn, StrictMath.sqrt(cn * cn + complementK * complementK * sn * sn));
  }
}
