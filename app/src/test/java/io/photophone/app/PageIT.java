package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page in a real browser, against a real server on the simulated cell.
@Timeout(300)
final class PageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// A script short enough to see two concentrations settle within the test.
  private static final String SCRIPT =
      """
      source:
        type: simulated
        script: [{for_s: 5, ppm: 40}, {for_s: 5, ppm: 120}]
        faults: []
      """;

  /// The alarm comes after three seconds and goes three later, unless it latches.
  private static final String ALARMS =
      """
      source:
        type: simulated
        script: [{for_s: 3, ppm: 40}, {for_s: 3, ppm: 120}, {for_s: 300, ppm: 40}]
        faults: []
      alarms:
      - {name: high, gas: gas, direction: above, level: 50, unit: ppm, hysteresis: 2, latching: true}
      - {type: no_reading, name: silent, gas: gas, after_s: 60}
      """;

  private static final String STEADY =
      """
      source:
        type: simulated
        script: [{for_s: 300, ppm: 0}]
        faults: []
      """;

  @TempDir private Path folder;

  private static Path browser() {
    Optional<Path> browser = Browser.executable();
    if (System.getenv("CI") != null) {
      assertTrue(browser.isPresent(), "no Chromium, and this is CI");
    }
    assumeTrue(browser.isPresent(), "SKIPPED: no Chromium on this machine");
    return browser.get();
  }

  private Photophone serve() throws Exception {
    return serve(SCRIPT);
  }

  private Photophone serve(String configuration) throws Exception {
    Path config = Files.writeString(folder.resolve("photophone.yaml"), configuration);
    return Photophone.start(
        folder,
        "serve",
        "--port",
        "0",
        "--data",
        folder.resolve("data").toString(),
        "--config",
        config.toString());
  }

  @Test
  void the_reading_matches_the_script_and_everything_moves() throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, 1400, 900)) {
      browser.open(photophone.signInLink(), 1400, 900);
      for (double ppm : List.of(40.0, 120.0)) {
        browser.await(
            """
            (() => {
              const value = document.querySelector('#reading-value');
              const flags = document.querySelector('#reading-flags')?.textContent.toLowerCase();
              return value && flags && !flags.includes('settling')
                && Math.abs(Number(value.dataset.value) - %s) < 0.5;
            })()
            """
                .formatted(ppm),
            PATIENCE);
      }
      assertEquals(
          "ppm",
          browser
              .evaluate("document.querySelector('#reading-unit').textContent")
              .asString()
              .strip());
      for (String moving :
          List.of(
              "Number(document.querySelector('#trend').dataset.points)",
              "Number(document.querySelector('#waveform').dataset.frame)",
              "Number(document.querySelector('#spectrum').dataset.frame)")) {
        double before = browser.evaluate(moving).asDouble();
        browser.await("%s > %s".formatted(moving, before), PATIENCE);
      }
      assertEquals(List.of(), browser.complaints());
    }
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  void it_fits_a_phone_and_a_desk(int width, int height) throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, width, height)) {
      browser.open(photophone.signInLink(), width, height);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      assertTrue(
          browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
          () ->
              "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
      assertEquals(List.of(), browser.complaints());
    }
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  void the_channels_can_be_unfolded(int width, int height) throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, width, height)) {
      browser.open(photophone.signInLink(), width, height);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      assertEquals(
          0, browser.evaluate("document.querySelectorAll('#channels tbody tr').length").asInt());
      browser.evaluate("document.querySelector('#channels summary').click()");
      browser.await("document.querySelectorAll('#channels tbody tr').length === 17", PATIENCE);
      assertEquals(
          "cell/frames",
          browser.evaluate("document.querySelector('#channels tbody th').textContent").asString());
      assertTrue(
          browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
          () ->
              "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
      assertEquals(List.of(), browser.complaints());
    }
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  @Tag("M13")
  void the_analysis_can_be_unfolded(int width, int height) throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, width, height)) {
      browser.open(photophone.signInLink(), width, height);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      assertEquals(
          0, browser.evaluate("document.querySelectorAll('#analysis tbody tr').length").asInt());
      browser.evaluate("document.querySelector('#analysis summary').click()");
      String nodes =
          "[...document.querySelectorAll('#analysis tbody th')].map((th) => th.textContent).join()";
      browser.await(nodes + " === 'signal,band,tone,gas,spectrum'", PATIENCE);
      browser.await(
          "/^[0-9.]+ %$/.test(document.querySelector('#analysis [data-part=sum]').textContent)",
          PATIENCE);
      assertEquals(
          "tone,lock_in,band",
          browser
              .evaluate(
                  "(({cells}) => [0, 4, 5].map((at) => cells[at].textContent).join())"
                      + "(document.querySelectorAll('#analysis tbody tr')[2])")
              .asString());
      assertFits(browser);
    }
  }

  private static void assertFits(Browser browser) {
    assertTrue(
        browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
        () -> "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
    assertEquals(List.of(), browser.complaints());
  }

  private static String choose(String label, String value) {
    return "(() => { const s = document.querySelector('#%s select'); s.value = '%s'; s.dispatchEvent(new Event('change')); })()"
        .formatted(label, value);
  }

  private static String reads(double ppm) {
    return "Math.abs(Number(document.querySelector('#reading-value')?.dataset.value) - %s) < 0.5"
        .formatted(ppm);
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  @Tag("M13")
  void another_instrument_and_gas_can_be_chosen_and_the_trend_mixes_none(int width, int height)
      throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve(TwoGases.configuration(folder, 10));
        Browser browser = Browser.start(executable, folder, width, height)) {
      URI address = photophone.api();
      browser.open(photophone.signInLink(), width, height);
      browser.await(reads(50), PATIENCE);
      assertEquals(
          "bench",
          browser.evaluate("document.querySelector('#instrument-choice select').value").asString());
      assertTrue(browser.evaluate("document.querySelector('#gas-choice').hidden").asBoolean());
      assertFits(browser);

      browser.evaluate(choose("instrument-choice", "stack 2"));
      browser.await("location.search === '?instrument=stack+2'", PATIENCE);
      browser.await("document.querySelector('#gas-choice')?.hidden === false", PATIENCE);
      browser.await(reads(TwoGases.NO2_PPM), PATIENCE);
      assertTrue(
          browser
              .evaluate(
                  "document.activeElement === document.querySelector('#instrument-choice select')")
              .asBoolean(),
          "the keyboard stays where it was");

      browser.evaluate(choose("gas-choice", "SO2"));
      browser.await(reads(TwoGases.SO2_PPM), PATIENCE);
      browser.await("Number(document.querySelector('#trend').dataset.points) > 3", PATIENCE);
      assertEquals(
          "Concentration of SO2",
          browser.evaluate("document.querySelector('#reading-title').textContent").asString());
      int points = browser.evaluate("document.querySelector('#trend').dataset.points").asInt();
      String readings =
          Http.get(address.resolve("api/instruments/stack%202/readings/recent?limit=1000")).body();
      int ofSo2 = readings.split("\"gas\":\"SO2\"", -1).length - 1;
      assertTrue(points <= ofSo2, () -> points + " points of " + ofSo2 + " readings");
      assertEquals("?instrument=stack+2&gas=SO2", browser.evaluate("location.search").asString());
      assertFits(browser);
    }
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  @Tag("M9")
  void an_alarm_is_shown_until_somebody_acknowledges_it(int width, int height) throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve(ALARMS);
        Browser browser = Browser.start(executable, folder, width, height)) {
      browser.open(photophone.signInLink(), width, height);
      String banner = "document.querySelector('#alarm-banner')";
      browser.await(banner + "?.hidden === false", PATIENCE);
      assertEquals(
          "high: above 50 ppm",
          browser.evaluate(banner + ".querySelector('strong').textContent").asString());
      browser.await(
          "document.querySelector('#alarm-spoken').textContent.includes('Alarm high')", PATIENCE);
      browser.evaluate(banner + ".querySelector('button').click()");
      browser.await(
          "document.querySelector('#alarm-problem').textContent === 'Say who acknowledges it.'",
          PATIENCE);
      browser.evaluate(
          "document.querySelector('#alarm-who').value = 'Ada';"
              + banner
              + ".querySelector('button').click()");
      browser.evaluate("document.querySelector('#alarms summary').click()");
      browser.await(
          "document.querySelector('#alarms [data-part=events]').textContent.includes('by Ada')",
          PATIENCE);
      browser.await(banner + ".hidden", PATIENCE);
      assertTrue(
          browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
          () ->
              "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
      assertEquals(List.of(), browser.complaints());
    }
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  @Tag("M9")
  void the_allan_plot_can_be_unfolded(int width, int height) throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve(STEADY);
        Browser browser = Browser.start(executable, folder, width, height)) {
      browser.open(photophone.signInLink(), width, height);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      browser.evaluate("document.querySelector('#allan summary').click()");
      browser.await("Number(document.querySelector('#allan').dataset.points) >= 3", PATIENCE);
      assertTrue(
          browser
              .evaluate("document.querySelector('#allan [data-fact=limit]').textContent")
              .asString()
              .endsWith(" ppm"));
      assertTrue(
          browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
          () ->
              "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
      assertEquals(List.of(), browser.complaints());
    }
  }

  @Test
  void a_fault_by_a_button_flags_the_reading_and_a_sweep_shows_its_curve() throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, 360, 800)) {
      browser.open(photophone.signInLink(), 360, 800);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      browser.evaluate("document.querySelector('#simulation summary').click()");
      browser.evaluate("document.querySelector('[data-fault=clipping]').click()");
      String clipped =
          "document.querySelector('#reading-flags').textContent.toLowerCase().includes('clip')";
      browser.await(clipped, PATIENCE);
      browser.await(
          "document.querySelector('[data-fault=clipping]').ariaPressed === 'true'", PATIENCE);
      browser.evaluate("document.querySelector('[data-fault=clipping]').click()");
      browser.await("!" + clipped, PATIENCE);

      browser.evaluate("document.querySelector('#sweep summary').click()");
      browser.evaluate("document.querySelector('#sweep form button').click()");
      browser.await("document.querySelector('#sweep').dataset.points === '41'", PATIENCE);
      String result =
          browser
              .evaluate("document.querySelector('#sweep [data-part=result]').textContent")
              .asString();
      assertTrue(result.startsWith("resonance 200"), result);
      assertEquals(
          2, browser.evaluate("document.querySelectorAll('#sweep canvas').length").asInt());
      assertTrue(
          browser
              .evaluate("document.documentElement.scrollWidth <= window.innerWidth")
              .asBoolean());
      assertEquals(List.of(), browser.complaints());
    }
  }

  @Test
  void it_can_be_used_with_a_keyboard_alone() throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, 1400, 900)) {
      browser.open(photophone.signInLink(), 1400, 900);
      browser.await("!!document.querySelector('#waveform')?.dataset.frame", PATIENCE);
      int controls =
          browser
              .evaluate(
                  "[...document.querySelectorAll('button, select, input, a[href]')]"
                      + ".filter(e => !e.disabled && e.getClientRects().length).length")
              .asInt();
      browser.evaluate("window.reached = new Set()");
      for (int i = 0; i < controls * 2; i++) {
        browser.press("Tab");
        browser.evaluate("void window.reached.add(document.activeElement)");
      }
      assertTrue(controls > 3, () -> "only " + controls + " controls");
      int reached =
          browser
              .evaluate(
                  "[...document.querySelectorAll('button, select, input, a[href]')]"
                      + ".filter(e => window.reached.has(e)).length")
              .asInt();
      assertTrue(reached >= 3, () -> "reached %d of %d".formatted(reached, controls));
    }
  }
}
