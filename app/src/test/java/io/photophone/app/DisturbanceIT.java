package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Disturbs the running program, and asks it why. Each disturbance once; by `make disturbances`,
/// which sets `photophone.disturbances`, ten times.
@EnabledOnOs(OS.LINUX)
@Timeout(600)
final class DisturbanceIT {
  private static final int TIMES = Integer.getInteger("photophone.disturbances", 1);

  /// Of a disturbance; nine frames.
  private static final Duration LENGTH = Duration.ofMillis(300);

  private static final Duration SHORT_TIME = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Frames by which code is compiled that would be a disturbance of its own.
  private static final int WARM_FRAMES = 100;

  /// Of one processor, for the notes on a machine that does much else.
  private static final double MOST_PERCENT = 10;

  /// A thread that is seen to wait for the disk so often, one after the other, isn't at a page
  /// fault.
  private static final int SURE_LOOKS = 4;

  /// Answers of a test that may be incomplete.
  private static final int MOST_INCOMPLETE = 3;

  private static final Pattern FULL_COLLECTION =
      Pattern.compile("\\[([^]]+)] GC\\(\\d+\\) Pause Full \\(Diagnostic Command\\).* ([0-9.]+)ms");

  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx");

  private static final String DEFAULTS = "";

  @TempDir private Path folder;

  /// What a test does to the program, telling a time within.
  private interface Disturbance {
    Instant happens() throws Exception;
  }

  @BeforeAll
  static void says_how_often() {
    System.out.printf("each disturbance: %d%n", TIMES);
  }

  @Test
  @Tag("V15")
  void a_process_that_takes_the_processor_is_named() throws Exception {
    assumeRoot();
    assumeCommands("chrt", "taskset");
    Path hog = Files.copy(Path.of("/bin/sh"), folder.resolve("hog"));
    try (Photophone photophone = serve(Photophone.Launch.PLAIN, DEFAULTS)) {
      URI api = warm(photophone);
      run("taskset", "-p", "-c", "0", Integer.toString(acquisitionThread(photophone)));
      expect(api, "processor_taken", "hog (pid ", () -> hog(hog));
    }
  }

  /// Runs on the processor of the acquisition thread, which it doesn't let on.
  private static Instant hog(Path hog) throws Exception {
    String forAWhile = "ulimit -t 2; while :; do :; done";
    Process process =
        new ProcessBuilder(
                "taskset", "-c", "0", "chrt", "-f", "50", hog.toString(), "-c", forAWhile)
            .start();
    Path name = Path.of("/proc/%d/comm".formatted(process.pid()));
    awaitTrue("the hog runs", () -> Files.readString(name).equals("hog\n"));
    Instant begin = Instant.now();
    pause(LENGTH);
    process.destroyForcibly().waitFor();
    return middle(begin, Instant.now());
  }

  @Test
  @Tag("V15")
  void a_forced_garbage_collection_is_named() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    assumeTrue(Files.isExecutable(jcmd), () -> "no " + jcmd);
    Path log = folder.resolve("gc.log");
    var options =
        List.of(
            "-XX:+UseSerialGC",
            "-Xms600m",
            "-Xmx600m",
            "-Xlog:gc:file=%s:utctime:filecount=0".formatted(log));
    var launch = new Photophone.Launch(List.of(), options, FullHeap.class);
    try (Photophone photophone = serve(launch, DEFAULTS)) {
      URI api = warm(photophone);
      String pid = Long.toString(photophone.pid());
      expect(
          api,
          "garbage_collection",
          "garbage collection",
          () -> {
            run(jcmd.toString(), pid, "GC.run");
            return lastFullCollection(log);
          });
    }
  }

  /// By the virtual machine's own log, which it writes at the end of a collection.
  private static Instant lastFullCollection(Path log) throws IOException {
    MatchResult last =
        FULL_COLLECTION
            .matcher(Files.readString(log))
            .results()
            .reduce((earlier, later) -> later)
            .orElseThrow(() -> new AssertionError("no full collection in " + log));
    Instant end = OffsetDateTime.parse(last.group(1), LOG_TIME).toInstant();
    long micros = Math.round(1000 * Double.parseDouble(last.group(2)));
    return end.minus(micros / 2, ChronoUnit.MICROS);
  }

  @Test
  @Tag("V15")
  void a_stop_of_the_process_is_named() throws Exception {
    try (Photophone photophone = serve(Photophone.Launch.PLAIN, DEFAULTS)) {
      URI api = warm(photophone);
      expect(api, "process_stopped", "by a signal", () -> stop(photophone.pid()));
    }
  }

  private static Instant stop(long pid) throws Exception {
    Instant begin = Instant.now();
    run("kill", "-STOP", Long.toString(pid));
    pause(LENGTH);
    run("kill", "-CONT", Long.toString(pid));
    return middle(begin, Instant.now());
  }

  /// The thread that acquires logs every hundredth frame: to a file system that is frozen then.
  @Test
  @Tag("V15")
  void a_write_that_the_disk_holds_up_is_named() throws Exception {
    assumeRoot();
    assumeCommands("mkfs.ext4", "mount", "fsfreeze");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path image = Files.write(folder.resolve("image"), new byte[16 << 20]);
    run("mkfs.ext4", "-q", "-F", image.toString());
    assumeTrue(
        succeeds("mount", "-o", "loop", image.toString(), disk.toString()),
        "no loop device can be mounted");
    try (Photophone photophone = serve(Photophone.Launch.PLAIN, logTo(disk.resolve("log")))) {
      URI api = warm(photophone);
      int thread = acquisitionThread(photophone);
      expect(
          api,
          "blocked_on_disk",
          "The acquisition thread waited",
          () -> freeze(disk, photophone.pid(), thread));
    } finally {
      run("umount", disk.toString());
    }
  }

  private static String logTo(Path file) {
    return """
    logging:
      level: error
      levels: [{logger: io.photophone.acquisition.daemon, level: debug}]
      file: {path: %s}
    """
        .formatted(file);
  }

  /// Until the thread has waited for the disk for a while.
  private static Instant freeze(Path disk, long pid, int thread) throws Exception {
    Path state = Path.of("/proc/%d/task/%d/stat".formatted(pid, thread));
    run("fsfreeze", "-f", disk.toString());
    try {
      int[] looks = {0};
      awaitTrue(
          "the thread waits for the disk",
          () -> {
            looks[0] = Files.readString(state).contains(") D ") ? looks[0] + 1 : 0;
            return looks[0] >= SURE_LOOKS;
          });
      Instant begin = Instant.now();
      pause(LENGTH);
      return middle(begin, Instant.now());
    } finally {
      run("fsfreeze", "-u", disk.toString());
    }
  }

  @Test
  @Tag("V15")
  void without_privileges_it_runs_says_what_is_missing_and_names_what_it_can() throws Exception {
    assumeRoot();
    assumeCommands("setpriv");
    var nobody =
        new Photophone.Launch(
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
            List.of(),
            Main.class);
    run("chmod", "-R", "a+rwX", folder.toString());
    assumeTrue(
        succeeds(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--version"),
        "others may not read the program");
    try (Photophone photophone = serve(nobody, DEFAULTS)) {
      URI api = warm(photophone);
      expect(api, "process_stopped", "by a signal", () -> stop(photophone.pid()));
      JsonNode notes = json(api.resolve("/api/why")).path("notes");
      assertTrue(
          notes.toString().contains("sudo sysctl kernel.perf_event_paranoid"), notes::toString);
    }
  }

  @Test
  @Tag("V15")
  void what_it_notes_costs_little() throws Exception {
    try (Photophone photophone = serve(Photophone.Launch.PLAIN, DEFAULTS)) {
      warm(photophone);
      Duration time = Duration.ofSeconds(TIMES == 1 ? 5 : 30);
      Map<String, Long> before = ticks(photophone.pid());
      pause(time);
      Map<String, Long> after = ticks(photophone.pid());
      long spent = 0;
      for (String thread :
          List.of("notes", "JFR Event Strea", "JFR Periodic Ta", "JFR Recorder Th")) {
        long own = after.getOrDefault(thread, 0L) - before.getOrDefault(thread, 0L);
        System.out.printf("%s: %.1f %% of a processor%n", thread, percent(own, time));
        spent += own;
      }
      double percent = percent(spent, time);
      assertTrue(percent < MOST_PERCENT, () -> "it took %.1f %%".formatted(percent));
    }
  }

  /// Processor time of threads, by their names, in hundredths of a second.
  private static Map<String, Long> ticks(long pid) throws IOException {
    Map<String, Long> ticks = new HashMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/%d/task".formatted(pid)))) {
      for (Path each : tasks.toList()) {
        String stat = Files.readString(each.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long spent = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        ticks.merge(Files.readString(each.resolve("comm")).strip(), spent, Long::sum);
      }
    }
    return ticks;
  }

  private static double percent(long ticks, Duration time) {
    return ticks * 1000.0 / time.toMillis();
  }

  /// Disturbs it as often as wanted and expects each time the same answer. An answer that says that
  /// its record is incomplete is no answer: on a machine that is busy with other things the kernel
  /// may lose what would have told.
  private static void expect(URI api, String kind, String words, Disturbance disturbance)
      throws Exception {
    List<String> wrong = new ArrayList<>();
    int incomplete = 0;
    for (int i = 0; i < TIMES; i++) {
      JsonNode answer = answer(api, disturbance.happens());
      while (!right(answer, kind, words) && isIncomplete(answer) && incomplete < MOST_INCOMPLETE) {
        incomplete++;
        System.out.printf("incomplete: %s%n", answer.path("sentence").asString());
        answer = answer(api, disturbance.happens());
      }
      boolean right = right(answer, kind, words);
      System.out.printf(
          "%s %d: %s: %s%n",
          right ? "right" : "WRONG",
          i + 1,
          answer.path("causes").path(0).path("kind").asString(),
          answer.path("sentence").asString());
      if (!right) {
        wrong.add(answer.path("text").asString());
      }
    }
    assertEquals(List.of(), wrong, () -> "%d of %d are wrong".formatted(wrong.size(), TIMES));
  }

  private static boolean right(JsonNode answer, String kind, String words) {
    JsonNode first = answer.path("causes").path(0);
    return first.path("kind").asString().equals(kind)
        && first.path("sentence").asString().contains(words);
  }

  private static boolean isIncomplete(JsonNode answer) {
    for (JsonNode cause : answer.path("causes")) {
      if (cause.path("kind").asString().equals("unknown")) {
        return true;
      }
    }
    return false;
  }

  /// Waits until all is told of a time.
  private static JsonNode answer(URI api, Instant within) throws Exception {
    JsonNode[] answer = new JsonNode[1];
    awaitTrue(
        "an answer about " + within,
        () -> {
          HttpResponse<String> response = Http.get(api.resolve("/api/why?time=" + within));
          answer[0] = JsonMapper.shared().readTree(response.body());
          return response.statusCode() == 200
              && !answer[0].path("notes").toString().contains("ask again");
        });
    return answer[0];
  }

  private Photophone serve(Photophone.Launch launch, String configuration) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: 0}\ndata: %s\n%s".formatted(folder.resolve("data"), configuration));
    return Photophone.start(folder, launch, "serve", "--config", file.toString());
  }

  /// Waits until it has settled.
  private static URI warm(Photophone photophone) throws Exception {
    URI api = photophone.api();
    awaitTrue("it has settled", () -> frames(api) > WARM_FRAMES);
    return api;
  }

  private static long frames(URI api) throws Exception {
    return json(api.resolve("/api/acquisition")).path("frames").asLong();
  }

  private static int acquisitionThread(Photophone photophone) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/%d/task".formatted(photophone.pid())))) {
      for (Path each : tasks.toList()) {
        if (Files.readString(each.resolve("comm")).equals("acquisition\n")) {
          return Integer.parseInt(each.getFileName().toString());
        }
      }
    }
    throw new AssertionError("no acquisition thread");
  }

  /// Something that comes true.
  private interface Condition {
    boolean isTrue() throws Exception;
  }

  private static void awaitTrue(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.isTrue()) {
      assertTrue(System.nanoTime() < end, () -> "not within %s: %s".formatted(PATIENCE, what));
      pause(SHORT_TIME);
    }
  }

  /// A disturbance lasts as long as it does by the clock.
  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Instant middle(Instant begin, Instant end) {
    return begin.plus(Duration.between(begin, end).dividedBy(2));
  }

  private static JsonNode json(URI address) throws Exception {
    HttpResponse<String> response = Http.get(address);
    assertEquals(200, response.statusCode(), response::body);
    return JsonMapper.shared().readTree(response.body());
  }

  private static void assumeRoot() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root may do that");
  }

  private static void assumeCommands(String... names) throws Exception {
    for (String each : names) {
      assumeTrue(succeeds("sh", "-c", "command -v " + each), () -> "there is no command " + each);
    }
  }

  private static void run(String... command) throws Exception {
    assertTrue(succeeds(command), () -> "failed: " + String.join(" ", command));
  }

  private static boolean succeeds(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + String.join(" ", command));
    }
    return process.exitValue() == 0;
  }
}
