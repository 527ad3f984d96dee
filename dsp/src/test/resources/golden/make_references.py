#!/usr/bin/env python3
"""Writes filters.csv, resample.csv, allan.csv, lines.csv and resonances.csv beside itself.

Made with Python 3.11, numpy 2.4.6 and scipy 1.17.1. Every number comes from these libraries or from the
definition written out below; none from the code that the tests check. Run: python3 make_references.py
"""

import os

import numpy as np
from scipy import optimize, signal, stats

HERE = os.path.dirname(os.path.abspath(__file__))


def line(values):
    return ",".join(v if isinstance(v, str) else repr(float(v)) for v in values)


def write(name, comment, lines):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("# " + comment + "\n")
        for each in lines:
            file.write(each + "\n")


def filters():
    """Responses of designs, from their zeros and poles."""
    lines = []
    bands = [("lowpass", 48000, [1900]), ("highpass", 48000, [1900]), ("bandpass", 48000, [1800, 2200]),
             ("bandstop", 44100, [900, 4000])]
    shapes = [("butterworth", 0, 0), ("chebyshev_one", 0.5, 0), ("chebyshev_two", 0, 60), ("elliptic", 0.5, 60),
              ("elliptic", 0.01, 100)]
    for shape, ripple, attenuation in shapes:
        for kind, rate, edges in bands:
            for order in (1, 2, 3, 4, 7, 8):
                wn = edges if len(edges) > 1 else edges[0]
                ftype = {"butterworth": "butter", "chebyshev_one": "cheby1", "chebyshev_two": "cheby2",
                         "elliptic": "ellip"}[shape]
                z, p, k = signal.iirfilter(order, wn, rp=ripple or None, rs=attenuation or None, btype=kind,
                                           ftype=ftype, output="zpk", fs=rate)
                f = np.array([1, 300, 890, 910, 1500, 1790, 1810, 1890, 1910, 1990, 2010, 2190, 2210, 3000, 3990, 4010,
                              9000, 21000], float)
                _, h = signal.freqz_zpk(z, p, k, worN=f, fs=rate)
                lines.append(line([shape, kind, order, ripple, attenuation, rate] + edges))
                lines.append(line(f))
                lines.append(line(h.real))
                lines.append(line(h.imag))
    write("filters.csv", "four lines each: shape, band, order, ripple dB, attenuation dB, rate Hz, edges Hz; "
          "frequencies Hz; real; imaginary parts: scipy.signal.iirfilter(output='zpk'), freqz_zpk", lines)


def resample():
    """Polyphase resampling with a Kaiser filter: 100 dB, passing 0.9 of the lower half rate."""
    random = np.random.default_rng(5)
    lines = []
    for fin, fout in [(48000, 44100), (44100, 48000), (48000, 16000), (16000, 48000), (48000, 32000)]:
        up, down = fout // np.gcd(fin, fout), fin // np.gcd(fin, fout)
        most = max(up, down)
        delta = np.pi * 0.1 / most
        half = int(np.ceil((100 - 7.95) / (2.285 * delta) / 2))
        h = signal.firwin(2 * half + 1, 0.95 / most, window=("kaiser", 0.1102 * (100 - 8.7)), scale=True)
        x = random.uniform(-1, 1, 300).astype(np.float32).astype(float)
        y = signal.resample_poly(x, up, down, window=h)
        lines += [line([fin, fout]), line(x), line(y)]
    write("resample.csv", "three lines each: rates Hz; input; output: scipy.signal.firwin, resample_poly", lines)


def allan():
    """Overlapping Allan deviation by its definition, as a double loop over averages."""
    n, values = 1234567890, []
    for _ in range(1000):
        values.append(n / 2147483647)
        n = 16807 * n % 2147483647
    short = [892, 809, 823, 798, 671, 644, 883, 903, 677]
    lines = []
    for name, data, factors in [("lehmer", np.array(values), [1, 2, 5, 10, 100, 333, 500]),
                                ("short", np.array(short, float), [1, 2, 4])]:
        for m in factors:
            means = np.array([data[i:i + m].mean() for i in range(len(data) - m + 1)])
            differences = means[m:] - means[:-m]
            deviation = np.sqrt(np.mean(differences ** 2) / 2)
            points = len(data) + 1
            edf = max(1, (3 * (points - 1) / (2 * m) - 2 * (points - 2) / points) * 4 * m * m / (4 * m * m + 5))
            low, high = (1 - 0.682689492137086) / 2, (1 + 0.682689492137086) / 2
            lines.append(line([name, m, deviation, edf, deviation * np.sqrt(edf / stats.chi2.ppf(high, edf)),
                               deviation * np.sqrt(edf / stats.chi2.ppf(low, edf))]))
    write("allan.csv", "series, factor, deviation, degrees of freedom (NIST SP 1065, white), lower, upper bound of "
          "68.27 %: numpy by definition, scipy.stats.chi2", lines)


def lines_():
    """Weighted and unweighted straight lines."""
    random = np.random.default_rng(6)
    out = []
    for count, scale in [(3, 1), (12, 1), (40, 1e-6)]:
        x = np.sort(random.uniform(100, 110, count))
        sigma = scale * random.uniform(0.1, 2, count)
        y = scale * (-3 + 0.7 * x) + sigma * random.normal(size=count)
        for weighted in (True, False):
            p, c = optimize.curve_fit(lambda t, a, b: a + b * (t - 105), x, y, p0=[0, scale],
                                      sigma=sigma if weighted else None, absolute_sigma=weighted)
            # A linear problem: the normal equations in a centred variable, without an optimiser.
            w = 1 / sigma ** 2 if weighted else np.ones(count)
            design = np.column_stack([np.ones(count), x])
            q, r = np.linalg.qr(design * np.sqrt(w)[:, None])
            offset, slope = np.linalg.solve(r, q.T @ (y * np.sqrt(w)))
            residuals = y - offset - slope * x
            chi = np.sum(w * residuals ** 2)
            inverse = np.linalg.inv(r)
            covariance = inverse @ inverse.T * (1 if weighted else chi / (count - 2))
            assert np.allclose(slope, p[1], rtol=1e-6) and np.allclose(covariance[1, 1], c[1, 1], rtol=1e-5)
            mean = np.sum(w * y) / np.sum(w)
            r2 = 1 - chi / np.sum(w * (y - mean) ** 2)
            out += [line(x), line(y), line(sigma) if weighted else "none",
                    line([offset, slope, covariance[0, 0], covariance[1, 1], covariance[0, 1], r2, chi / (count - 2)])]
    write("lines.csv", "four lines each: x; y; standard uncertainties or none; offset, slope, their variances and "
          "covariance, R2, reduced chi2: numpy.linalg.qr, checked by scipy.optimize.curve_fit", out)


def resonances():
    """Fits of noisy resonances by scipy.optimize.least_squares; standard uncertainties from its Jacobian."""
    random = np.random.default_rng(7)
    out = []
    for f0, quality, amplitude, offset, noise, count, span in [
            (2000.0, 50.0, 0.3 * np.exp(0.7j), 0.01 - 0.02j, 1e-3, 41, 200.0),
            (1310.0, 12.0, 4e-5 * np.exp(-2j), 1e-6j, 5e-7, 25, 400.0),
            (8000.0, 900.0, 1.0, 0.0, 0.02, 15, 60.0)]:
        f = f0 + np.linspace(-span / 2, span / 2, count) + 3
        z = offset + amplitude / (1 + 2j * quality * (f - f0) / f0)
        z = z + noise * (random.normal(size=count) + 1j * random.normal(size=count))
        scale = abs(amplitude)
        x_scale = np.array([f0 / quality, quality, scale, 1, scale, scale])

        def shape(p):
            return 1 / (1 + 2j * p[1] * (f - p[0]) / p[0])

        def split(values):
            return np.concatenate([values.real, values.imag])

        def complex_residuals(p):
            return split(p[4] + 1j * p[5] + p[2] * np.exp(1j * p[3]) * shape(p) - z)

        def complex_jacobian(p):
            peak = p[2] * np.exp(1j * p[3])
            slope = -peak * shape(p) ** 2 * 2j
            one = np.ones(count, complex)
            return np.column_stack([split(each) for each in [
                -slope * p[1] * f / p[0] ** 2, slope * (f / p[0] - 1), shape(p) * peak / p[2], 1j * peak * shape(p),
                one, 1j * one]])

        def magnitude_residuals(p):
            return p[3] + p[2] * abs(shape(p)) - abs(z)

        def magnitude_jacobian(p):
            slope = -p[2] * abs(shape(p)) ** 3 * 4 * p[1] * (f / p[0] - 1)
            return np.column_stack([-slope * p[1] * f / p[0] ** 2, slope * (f / p[0] - 1), abs(shape(p)),
                                    np.ones(count)])

        for name, residuals, jacobian, start in [
                ("complex", complex_residuals, complex_jacobian,
                 [f0, quality, scale, np.angle(amplitude), np.real(offset), np.imag(offset)]),
                ("magnitude", magnitude_residuals, magnitude_jacobian, [f0, quality, scale, 0])]:
            fit = optimize.least_squares(residuals, start, x_scale=x_scale if len(start) == 6 else x_scale[[0, 1, 2, 4]], method="lm", jac=jacobian, xtol=1e-15,
                                         ftol=1e-15, gtol=1e-15)
            variance = 2 * fit.cost / (len(fit.fun) - len(start))
            deviations = np.sqrt(np.diag(np.linalg.inv(fit.jac.T @ fit.jac)) * variance)
            out += [name, line(f), line(z.real), line(z.imag), line(fit.x), line(deviations)]
    write("resonances.csv", "six lines each: kind; frequencies Hz; real; imaginary parts; fitted f0, Q, amplitude, (phase rad), "
          "offset (re, im); their standard uncertainties: scipy.optimize.least_squares", out)


filters()
resample()
allan()
lines_()
resonances()
