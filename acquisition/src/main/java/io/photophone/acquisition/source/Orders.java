package io.photophone.acquisition.source;

import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What commands have put in force in a simulated cell, each from a sample on. For one thread at a
/// time.
final class Orders {
  private final int sampleRateHz;

  /// In the order of their samples; the first is in force at the oldest sample still asked for.
  private final Deque<Order> orders = new ArrayDeque<>();

  /// What holds from a sample to the next order.
  ///
  /// @param from its first sample
  /// @param ppm null for the script's
  /// @param modulationHz of the laser
  /// @param raised faults with the sample after their last
  record Order(
      long from,
      @Nullable Double ppm,
      Ramp temperature,
      double modulationHz,
      Map<FaultKind, Long> raised) {
    boolean has(FaultKind fault, long sample) {
      Long end = raised.get(fault);
      return end != null && sample < end;
    }
  }

  /// A temperature that goes in a straight line from one sample to another and stays there.
  record Ramp(double fromC, double toC, long from, long to) {
    double at(long sample) {
      return sample >= to ? toC : fromC + (toC - fromC) * (sample - from) / (to - from);
    }

    boolean moving(long sample) {
      return sample < to;
    }
  }

  Orders(double temperatureC, double modulationHz, int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
    orders.add(
        new Order(0, null, new Ramp(temperatureC, temperatureC, 0, 0), modulationHz, Map.of()));
  }

  /// Puts a command in force from a sample on.
  ///
  /// @throws IllegalArgumentException if the sample is before the one of the command before
  void add(long sample, SimulationCommand command) {
    Order last = orders.getLast();
    if (sample < last.from()) {
      throw new IllegalArgumentException(
          "a command for sample %d after one for sample %d".formatted(sample, last.from()));
    }
    orders.add(
        switch (command) {
          case SimulationCommand.RaiseFault(FaultKind kind, @Nullable Duration length) ->
              with(sample, last, kind, length == null ? Long.MAX_VALUE : sample + samples(length));
          case SimulationCommand.ClearFault(FaultKind kind) -> with(sample, last, kind, sample);
          case SimulationCommand.SetConcentration(double ppm) ->
              new Order(sample, ppm, last.temperature(), last.modulationHz(), last.raised());
          case SimulationCommand.FollowScript() ->
              new Order(sample, null, last.temperature(), last.modulationHz(), last.raised());
          case SimulationCommand.SetTemperature(double celsius, Duration over) ->
              new Order(
                  sample,
                  last.ppm(),
                  new Ramp(last.temperature().at(sample), celsius, sample, sample + samples(over)),
                  last.modulationHz(),
                  last.raised());
          case SimulationCommand.SetModulation(double hz) ->
              new Order(sample, last.ppm(), last.temperature(), hz, last.raised());
        });
  }

  private static Order with(long sample, Order last, FaultKind kind, long end) {
    Map<FaultKind, Long> raised = new EnumMap<>(FaultKind.class);
    last.raised()
        .forEach((each, until) -> {
          if (until > sample) {
            raised.put(each, until);
          }
        });
    raised.put(kind, end);
    return new Order(sample, last.ppm(), last.temperature(), last.modulationHz(), raised);
  }

  private long samples(Duration time) {
    return Math.round((time.getSeconds() + time.getNano() / 1e9) * sampleRateHz);
  }

  /// What holds at a sample, not before one that was [#forget].
  Order at(long sample) {
    Iterator<Order> latestFirst = orders.descendingIterator();
    while (latestFirst.hasNext()) {
      Order order = latestFirst.next();
      if (order.from() <= sample) {
        return order;
      }
    }
    throw new IllegalStateException("sample %d is forgotten".formatted(sample));
  }

  /// The first sample after this one where something may change, apart from a ramp's slope.
  long endOf(long sample) {
    long end = Long.MAX_VALUE;
    Order order = at(sample);
    for (Order each : orders) {
      if (each.from() > sample) {
        end = Math.min(end, each.from());
      }
    }
    for (long until : order.raised().values()) {
      if (until > sample) {
        end = Math.min(end, until);
      }
    }
    return order.temperature().moving(sample) ? Math.min(end, order.temperature().to()) : end;
  }

  /// Lets go of what held only before a sample.
  void forget(long before) {
    while (orders.size() > 1) {
      Order first = orders.removeFirst();
      if (orders.getFirst().from() > before) {
        orders.addFirst(first);
        return;
      }
    }
  }

  /// Where the last command begins.
  long last() {
    return orders.getLast().from();
  }
}
