package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the entries of a queue promise a pull: the messages that may match it, judged by the hash of
 * their tags. Made in the store turn, then read by any thread.
 *
 * @param candidates in queue order
 * @param nextOffset the first offset that was not looked at
 * @param reachedEnd whether that is the end of what may be seen
 */
record PullScan(List<Candidate> candidates, long nextOffset, boolean reachedEnd) {

  /** Of a queue that never had a message. */
  static final PullScan NOTHING = new PullScan(List.of(), 0, true);

  /** Entries looked at in one go; the turn is not to be held longer. */
  static final int MAX_ENTRIES = 4096;

  /** A selector may pass over most messages, so more of them are worth a look. */
  private static final int CANDIDATES_PER_MESSAGE = 8;

  record Candidate(long queueOffset, Entry entry) {}

  /**
   * @param from an offset from the queue's first to its end
   */
  static PullScan of(
      ConsumeQueue queue, long from, MessageFilter filter, int maxMessages, int maxBytes) {
    boolean everything = filter.equals(MessageFilter.ALL);
    int candidatesLimit = everything ? maxMessages : maxMessages * CANDIDATES_PER_MESSAGE;
    long bytesLimit = everything ? maxBytes : (long) maxBytes * CANDIDATES_PER_MESSAGE;
    long end = queue.servedOffset();
    long scanEnd = Math.min(end, from + MAX_ENTRIES);
    List<Candidate> candidates = new ArrayList<>();
    long bytes = 0;
    long next = from;
    while (next < scanEnd && candidates.size() < candidatesLimit) {
      Optional<Entry> entry = queue.find(next);
      if (entry.isEmpty()) {
        next = Math.min(end, queue.nextPresent(next));
        continue;
      }
      if (filter.mayMatch(entry.get().tagsCode())) {
        bytes += entry.get().sizeBytes();
        if (bytes > bytesLimit && !candidates.isEmpty()) {
          break;
        }
        candidates.add(new Candidate(next, entry.get()));
      }
      next++;
    }
    return new PullScan(List.copyOf(candidates), next, next == end);
  }
}
