package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordGoneException;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.traffic.Traffic;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads what a scan found, judges it by its text and properties, and answers. On reader threads, so
 * that a page that has to come from the disk delays nobody else.
 */
public final class PullReading {
  private static final Logger LOG = System.getLogger(PullReading.class.getName());

  private final RecordReader reader;
  private final Executor readers;
  private final Traffic traffic;

  /**
   * Reads for all pulls.
   *
   * @param readers refuses when too much waits
   */
  public PullReading(RecordReader reader, Executor readers, Traffic traffic) {
    this.reader = reader;
    this.readers = readers;
    this.traffic = traffic;
  }

  void answer(PullRequest request, MessageFilter filter, PullScan scan, PullAnswers answers) {
    try {
      readers.execute(
          () -> {
            try {
              read(request, filter, scan, answers);
            } catch (RuntimeException failure) {
              answers.reply().fail(failure);
            }
          });
    } catch (RejectedExecutionException full) {
      answers
          .reply()
          .fail(ResponseCode.SYSTEM_BUSY, "too many pulls wait to be read: pull again later");
    }
  }

  private void read(PullRequest request, MessageFilter filter, PullScan scan, PullAnswers answers) {
    List<RecordView> matching = new ArrayList<>();
    int bytes = 0;
    long nextOffset = scan.nextOffset();
    for (PullScan.Candidate candidate : scan.candidates()) {
      if (matching.size() == request.maxMessages()
          || (bytes > 0 && bytes + candidate.entry().sizeBytes() > request.maxBytes())) {
        nextOffset = candidate.queueOffset();
        break;
      }
      try {
        Optional<RecordView> record = read(candidate, request).filter(filter::matches);
        if (record.isPresent()) {
          matching.add(record.get());
          bytes += record.get().sizeBytes();
        }
      } catch (RecordGoneException moved) {
        nextOffset = candidate.queueOffset(); // The next scan finds it carried, or gone.
        break;
      }
    }
    if (matching.isEmpty()) {
      answers.unmatched(nextOffset);
    } else {
      traffic.went(request.group(), request.queue().topic(), matching.size(), bytes);
      answers.found(nextOffset, concatenated(matching, bytes));
    }
  }

  /**
   * A damaged record is nobody's: what comes after it is delivered. One that the disk does not let
   * be read now ends the pull with an error; the client asks for it again.
   */
  private Optional<RecordView> read(PullScan.Candidate candidate, PullRequest request) {
    Entry entry = candidate.entry();
    try {
      return Optional.of(reader.read(entry.position(), entry.sizeBytes()));
    } catch (RecordGoneException gone) {
      throw gone;
    } catch (RecordDamagedException e) {
      LOG.log(
          Level.WARNING,
          "Message {0} of topic {1} queue {2} is damaged; the pull passes over it: {3}",
          candidate.queueOffset(),
          request.queue().topic(),
          request.queue().queueId(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static ByteBuffer concatenated(List<RecordView> records, int bytes) {
    if (records.size() == 1) {
      return records.get(0).bytes();
    }
    ByteBuffer body = ByteBuffer.allocate(bytes);
    records.forEach(record -> body.put(record.bytes()));
    return body.flip();
  }
}
