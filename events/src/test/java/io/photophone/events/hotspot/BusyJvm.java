package io.photophone.events.hotspot;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A JVM to be looked at: it compiles, throws code away and compiles again, or blocks in many ways,
/// until its standard input ends. A byte there makes it stop compiling.
final class BusyJvm {
  private static volatile boolean calm;

  private BusyJvm() {}

  static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  static Path library() {
    return home().resolve(Path.of("lib", "server", "libjvm.so"));
  }

  static Process start(List<String> flags, String what) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home().resolve(Path.of("bin", "java")).toString());
    command.addAll(flags);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), BusyJvm.class.getName(), what));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("compile")) {
      for (int i = 1; i <= 4; i++) {
        long seed = i;
        daemon("compile-" + i, () -> compileForEver(seed));
      }
    } else {
      blockForEver();
    }
    while (System.in.read() >= 0) {
      calm = true;
    }
    System.exit(0);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void daemon(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                throw new IllegalStateException(name, e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void compileForEver(long seed) throws Exception {
    var random = new Random(seed);
    long sum = 0;
    for (int round = 0; !calm; round++) {
      if (round % 4 == 0) {
        IntBinaryOperator made = newOperator(round);
        for (int i = 0; i < 100_000; i++) {
          sum += made.applyAsInt(i, round);
        }
      }
      sum += numbers(random);
      sum += collections(random) + texts(random, round);
      if (round % 10 == 9) {
        // Classes without users are unloaded, with their code.
        System.gc();
      }
      if (sum == 42) {
        Files.exists(Path.of("/"));
      }
    }
  }

  private static long numbers(Random random) {
    long sum = 0;
    int[] values = new int[10_000];
    for (int repeat = 0; repeat < 20; repeat++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt();
      }
      Arrays.sort(values);
      for (int value : values) {
        sum = sum * 31 + Integer.numberOfTrailingZeros(value);
      }
    }
    return sum;
  }

  private static long collections(Random random) {
    var tree = new TreeMap<Integer, String>();
    var hash = new HashMap<String, Integer>();
    for (int i = 0; i < 2_000; i++) {
      tree.put(random.nextInt(), "x" + i);
      hash.merge("k" + random.nextInt(100), 1, Integer::sum);
    }
    List<Integer> sorted =
        IntStream.range(0, 3_000)
            .mapToObj(_ -> random.nextInt())
            .sorted()
            .collect(Collectors.toList());
    return (long) tree.firstKey() + hash.size() + sorted.getFirst();
  }

  private static long texts(Random random, int round) {
    long sum = 0;
    for (int i = 0; i < 200; i++) {
      String text = String.format("%d-%s-%x", i, Integer.toString(random.nextInt(), 36), round);
      sum += text.replaceAll("[a-f]+", "z").split("-", -1).length;
    }
    return sum;
  }

  /// A new hidden class each time, with one long method.
  private static IntBinaryOperator newOperator(int round) throws Exception {
    ClassDesc name = ClassDesc.of("io.photophone.events.hotspot.Made" + round % 7);
    byte[] bytes =
        ClassFile.of()
            .build(
                name,
                made ->
                    made.withInterfaceSymbols(ClassDesc.of(IntBinaryOperator.class.getName()))
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody(
                            "applyAsInt",
                            MethodTypeDesc.of(
                                ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int),
                            ClassFile.ACC_PUBLIC,
                            code -> {
                              code.iload(1);
                              for (int i = 0; i < 20 + round % 40; i++) {
                                code.iload(2).iadd().loadConstant(round + i).ixor();
                              }
                              code.ireturn();
                            }));
    return (IntBinaryOperator)
        MethodHandles.lookup()
            .defineHiddenClass(bytes, true)
            .lookupClass()
            .getDeclaredConstructor()
            .newInstance();
  }

  private static void blockForEver() {
    BlockingQueue<String> there = new ArrayBlockingQueue<>(4);
    BlockingQueue<String> back = new ArrayBlockingQueue<>(4);
    Object lock = new Object();
    daemon(
        "ask",
        () -> {
          for (int i = 0; ; i++) {
            there.put("n" + i);
            back.take();
            LockSupport.parkNanos(2_000_000);
          }
        });
    daemon(
        "answer",
        () -> {
          while (true) {
            String taken = there.take();
            back.put(taken.toUpperCase(Locale.ROOT));
          }
        });
    for (int i = 0; i < 2; i++) {
      daemon(
          "lock-" + i,
          () -> {
            while (true) {
              synchronized (lock) {
                lock.wait(1);
              }
              LockSupport.parkNanos(2_000_000);
            }
          });
    }
    daemon(
        "sleep",
        () -> {
          while (true) {
            Thread.sleep(1);
          }
        });
    daemon("compile", () -> compileForEver(3));
  }
}
