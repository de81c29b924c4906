package io.moiety.broker.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How the members of a group share out the queues of a topic. RocketMQ's names and results, since
 * members that share out themselves must come to the same.
 */
enum QueueSharing {
  /** Each member gets queues that lie together; the first members get one more than the others. */
  AVG {
    @Override
    IntStream share(int member, int members, int queues) {
      int size = queues / members;
      int larger = queues % members;
      int first = member * size + Math.min(member, larger);
      return IntStream.range(first, first + size + (member < larger ? 1 : 0));
    }
  },

  /** As cards are dealt. */
  AVG_BY_CIRCLE {
    @Override
    IntStream share(int member, int members, int queues) {
      return IntStream.range(0, queues).filter(queue -> queue % members == member);
    }
  };

  /** The queues of one member, by its place among all. */
  abstract IntStream share(int member, int members, int queues);

  static Optional<QueueSharing> named(String name) {
    return List.of(values()).stream().filter(sharing -> sharing.name().equals(name)).findFirst();
  }
}
