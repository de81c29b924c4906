package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.store.RecordReader;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads what a scan found, judges it by its text and properties, and answers. On reader threads, so
 * that a page that has to come from the disk delays nobody else.
 */
public final class PullReading {

  private final RecordReader reader;
  private final Executor readers;

  /**
   * @param readers refuses when too much waits
   */
  public PullReading(RecordReader reader, Executor readers) {
    this.reader = reader;
    this.readers = readers;
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
      RecordView record = reader.read(candidate.entry().position(), candidate.entry().sizeBytes());
      if (filter.matches(record)) {
        matching.add(record);
        bytes += record.sizeBytes();
      }
    }
    if (matching.isEmpty()) {
      answers.unmatched(nextOffset);
    } else {
      answers.found(nextOffset, concatenated(matching, bytes));
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
