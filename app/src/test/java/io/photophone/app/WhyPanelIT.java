package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The panel that says why a reading was late, in a real browser, of a server that was stopped.
@Timeout(120)
final class WhyPanelIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// How long the process stands still: many frames' time.
  private static final long STOPPED_MS = 300;

  /// A second of what came after it, what the virtual machine tells late, and the panel's period.
  private static final Duration LISTED_WITHIN = Duration.ofSeconds(8);

  private static final int ATTEMPTS = 4;

  private static final String PANEL = "document.querySelector('#why')";

  private static final String SENTENCE =
      PANEL + ".querySelector('[data-part=sentence]').textContent";

  /// That the time when the process was stopped is told as such, by the kernel.
  private static final String SAYS_STOPPED = SENTENCE + ".includes('stopped')";

  @TempDir private Path folder;

  private static Path browser() {
    Optional<Path> browser = Browser.executable();
    if (System.getenv("CI") != null) {
      assertTrue(browser.isPresent(), "no Chromium, and this is CI");
    }
    assumeTrue(browser.isPresent(), "SKIPPED: no Chromium on this machine");
    return browser.get();
  }

  /// What the server can't note, it says, and what would allow it.
  private static void assumeKernelTells(URI api) throws Exception {
    HttpResponse<String> answer = Http.get(api.resolve("api/why"));
    JsonNode told = JsonMapper.shared().readTree(answer.body());
    boolean isNoted = answer.statusCode() == 200 && told.get("notes").isEmpty();
    assumeTrue(isNoted, () -> "SKIPPED: the kernel isn't noted: " + answer.body());
  }

  private Photophone serve() throws Exception {
    return Photophone.start(
        folder, "serve", "--port", "0", "--data", folder.resolve("data").toString());
  }

  private static void stopFor(Photophone photophone, long millis) throws Exception {
    signal(photophone, "STOP");
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } finally {
      signal(photophone, "CONT");
    }
  }

  /// While the server gathers the notes of one disturbance it begins with no other, and a busy
  /// machine has disturbances of its own.
  ///
  /// @return the items that are listed
  private static String stopUntilListed(Photophone photophone, Browser browser) throws Exception {
    for (int attempt = 1; ; attempt++) {
      String items = itemsSince(Instant.now());
      stopFor(photophone, STOPPED_MS);
      try {
        browser.await(items + ".length > 0", LISTED_WITHIN);
        return items;
      } catch (AssertionError e) {
        if (attempt == ATTEMPTS) {
          String list = PANEL + ".querySelector('.disturbances').textContent";
          throw new AssertionError("listed: " + browser.evaluate(list), e);
        }
      }
    }
  }

  private static void signal(Photophone photophone, String name) throws Exception {
    String pid = Long.toString(photophone.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  private static void assertFits(Browser browser) {
    assertTrue(
        browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
        () -> "wider than the window: " + browser.evaluate("document.documentElement.scrollWidth"));
  }

  /// The items of the list that were as late, since then, as the process stood still.
  private static String itemsSince(Instant stop) {
    return "[..."
        + PANEL
        + ".querySelectorAll('.disturbances button')].filter(b =>"
        + " Date.parse(b.firstElementChild.dateTime) > %d &&".formatted(stop.toEpochMilli())
        + " (([_, much, unit]) => unit === 's' || (unit === 'ms' && much >= 200))"
        + "(/([0-9.]+) (m?s) late$/.exec(b.textContent) ?? []))";
  }

  @Test
  void a_stopped_process_is_listed_and_explained_with_time_lines() throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, 360, 800)) {
      URI api = photophone.api();
      browser.open(photophone.signInLink(), 360, 800);
      browser.await("Number(document.querySelector('#trend')?.dataset.points) >= 2", PATIENCE);
      assumeKernelTells(api);
      browser.evaluate(PANEL + ".querySelector('summary').click()");
      String items = stopUntilListed(photophone, browser);
      browser.evaluate(items + "[0].click()");
      browser.await(SAYS_STOPPED, PATIENCE);

      assertEquals("true", browser.evaluate(items + "[0].ariaPressed").asString(), "it is chosen");
      assertTrue(
          browser
              .evaluate(PANEL + ".querySelector('.causes .muted').textContent")
              .asString()
              .matches("\\d+ %, [0-9.]+ m?s"));
      browser.await(
          "Number(" + PANEL + ".querySelector('.lines-plot').dataset.rows) >= 2", PATIENCE);
      browser.await(
          PANEL + ".querySelectorAll('.lines-row [data-state=stopped]').length >= 2", PATIENCE);
      assertTrue(
          browser
              .evaluate("!!" + PANEL + ".querySelector('.lines-disturbance[data-step=late]')")
              .asBoolean(),
          "the late frame is marked");
      assertFits(browser);

      browser.evaluate(PANEL + ".querySelector('.lines-plot').focus()");
      browser.press("ArrowDown");
      for (int i = 0; i < 400 && !readout(browser).contains("stopped"); i++) {
        browser.press("ArrowRight");
      }
      assertTrue(readout(browser).contains("stopped"), () -> "keys read " + readout(browser));
      assertTrue(readout(browser).contains(" ms, from "), () -> "keys read " + readout(browser));
    }
  }

  @Test
  void a_time_that_nobody_noted_is_refused_in_words() throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, 1400, 900)) {
      browser.open(photophone.signInLink(), 1400, 900);
      browser.await("Number(document.querySelector('#trend')?.dataset.points) >= 2", PATIENCE);
      assertEquals(
          List.of(), browser.complaints(), "folded, the panel asks nothing that is refused");
      browser.evaluate(PANEL + ".querySelector('summary').click()");
      browser.evaluate(
          "(() => { const f = %s.querySelector('form'); f.elements.time.value = '2020-01-01T10:00:00'; f.requestSubmit(); })()"
              .formatted(PANEL));
      browser.await(
          PANEL
              + ".querySelector('[data-part=refusal]').textContent.startsWith('Not explained:"
              + " nothing is noted of 2020-01-01T')",
          PATIENCE);
      assertTrue(
          browser.evaluate(PANEL + ".querySelector('[data-part=answer]').hidden").asBoolean());
      assertFits(browser);
    }
  }

  private static String readout(Browser browser) {
    return browser.evaluate(PANEL + ".querySelector('[data-part=readout]').textContent").asString();
  }
}
