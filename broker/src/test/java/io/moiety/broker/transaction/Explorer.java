package io.moiety.broker.transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Walks every order of steps of a world, breadth first, so that what it finds is found by the
 * shortest way. A world cannot be copied: the way to a state is walked again for each step from it.
 * States that were seen are not entered again.
 */
final class Explorer {
  private final Supplier<ModelWorld> fresh;
  private final int maxStates;

  /**
   * What an exploration ends with.
   *
   * @param complete false when the limit of states was reached first
   * @param failure the way to what must not be, and what it is
   */
  record Result(int states, long steps, int depth, boolean complete, Optional<String> failure) {}

  private record Way(List<Integer> steps) {
    Way and(int step) {
      List<Integer> longer = new ArrayList<>(steps);
      longer.add(step);
      return new Way(List.copyOf(longer));
    }
  }

  Explorer(Supplier<ModelWorld> fresh, int maxStates) {
    this.fresh = fresh;
    this.maxStates = maxStates;
  }

  Result explore() {
    Set<String> seen = new HashSet<>();
    Queue<Way> frontier = new ArrayDeque<>();
    Way start = new Way(List.of());
    Optional<String> failure = visit(start, seen, frontier);
    long steps = 0;
    int depth = 0;
    while (!frontier.isEmpty() && failure.isEmpty() && seen.size() < maxStates) {
      Way way = frontier.remove();
      depth = way.steps().size();
      int branches = walk(way, new ArrayList<>()).steps().size();
      for (int step = 0; step < branches && failure.isEmpty(); step++) {
        steps++;
        failure = visit(way.and(step), seen, frontier);
      }
    }
    return new Result(seen.size(), steps, depth, frontier.isEmpty(), failure);
  }

  /** Enters a state; if it is new, it is checked, left for later, and finished. */
  private Optional<String> visit(Way way, Set<String> seen, Queue<Way> frontier) {
    List<String> names = new ArrayList<>();
    try {
      ModelWorld world = walk(way, names);
      if (seen.add(world.fingerprint())) {
        world.check();
        frontier.add(way);
        names.add("(and nothing goes wrong any more)");
        world.finish();
      }
      return Optional.empty();
    } catch (AssertionError | RuntimeException failure) {
      return Optional.of(String.join("\n  ", names) + "\n=> " + failure);
    }
  }

  private ModelWorld walk(Way way, List<String> names) {
    ModelWorld world = fresh.get();
    for (int step : way.steps()) {
      ModelWorld.Step taken = world.steps().get(step);
      names.add(taken.name());
      taken.act().run();
    }
    return world;
  }
}
