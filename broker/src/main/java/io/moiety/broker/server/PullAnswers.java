package io.moiety.broker.server;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The answers to one pull, with RocketMQ's codes and remarks: a client acts on the code and on
 * {@code nextBeginOffset}. Usable by any thread.
 *
 * @param minOffset the first offset of the queue when it was looked at
 * @param maxOffset the end of what could be seen then
 */
record PullAnswers(long minOffset, long maxOffset, Reply reply) {

  static PullAnswers of(Optional<ConsumeQueue> queue, Reply reply) {
    return new PullAnswers(
        queue.map(ConsumeQueue::minOffset).orElse(0L),
        queue.map(ConsumeQueue::servedOffset).orElse(0L),
        reply);
  }

  boolean isInside(long queueOffset) {
    return queueOffset >= minOffset && queueOffset <= maxOffset;
  }

  void found(long nextOffset, ByteBuffer records) {
    send(ResponseCode.SUCCESS, "FOUND", nextOffset, records);
  }

  /** There are messages, and none that is wanted: pull again at once. */
  void unmatched(long nextOffset) {
    send(ResponseCode.PULL_RETRY_IMMEDIATELY, "NO_MATCHED_MESSAGE", nextOffset, Command.noBody());
  }

  /** Nothing that the client has not seen. */
  void nothing(long nextOffset) {
    String remark = maxOffset == 0 ? "NO_MESSAGE_IN_QUEUE" : "OFFSET_OVERFLOW_ONE";
    send(ResponseCode.PULL_NOT_FOUND, remark, nextOffset, Command.noBody());
  }

  /** The queue is not where the client thinks: it is put to the nearer end. */
  void moved(long queueOffset) {
    if (queueOffset < minOffset) {
      send(ResponseCode.PULL_OFFSET_MOVED, "OFFSET_TOO_SMALL", minOffset, Command.noBody());
    } else {
      send(ResponseCode.PULL_OFFSET_MOVED, "OFFSET_OVERFLOW_BADLY", maxOffset, Command.noBody());
    }
  }

  /** An administrator put the group elsewhere: the client goes on from there. */
  void reset(long queueOffset) {
    send(ResponseCode.PULL_OFFSET_MOVED, "OFFSET_RESET", queueOffset, Command.noBody());
  }

  private void send(int code, String remark, long nextOffset, ByteBuffer body) {
    Fields fields =
        Fields.builder()
            .put("suggestWhichBrokerId", 0)
            .put("nextBeginOffset", nextOffset)
            .put("minOffset", minOffset)
            .put("maxOffset", maxOffset)
            .put("topicSysFlag", 0)
            .put("groupSysFlag", 0)
            .build();
    reply.send(Command.response(reply.request(), code, remark, fields, body));
  }
}
