package io.moiety.broker.server;

import io.moiety.broker.index.KeyIndex;
import io.moiety.broker.index.KeyQuery;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Requests that look for stored messages: by a key and store time, or by the position that an
 * offset message id holds. They may have to read the disk, so they are served on reader threads.
 */
public final class QueryHandlers {

  /** RocketMQ's {@code maxMsgsNumBatch}. */
  /** Says nothing of the message, of which the sender may know nothing. */
  static final String NOT_YOURS = "no permission to access the topic of this message.";

  private static final int MAX_MESSAGES = 64;

  /** RocketMQ's {@code defaultQueryMaxNum}, for a key that should be unique. */
  private static final int MAX_UNIQUE = 32;

  private final TopicTable topics;
  private final KeySearch search;
  private final KeyIndex index;
  private final OnReaders readers;

  /**
   * Handlers over one store.
   *
   * @param readers refuses when too much waits
   */
  public QueryHandlers(TopicTable topics, KeySearch search, KeyIndex index, Executor readers) {
    this.topics = topics;
    this.search = search;
    this.index = index;
    this.readers = new OnReaders(readers);
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.QUERY_MESSAGE, this::query);
    router.register(RequestCode.VIEW_MESSAGE_BY_ID, this::view);
  }

  private void query(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    boolean unique = fields.text("_UNIQUE_KEY_QUERY").filter("true"::equals).isPresent();
    int wanted = unique ? MAX_UNIQUE : fields.requiredInt("maxNum");
    KeyQuery query =
        new KeyQuery(
            fields.requiredText("topic"),
            fields.requiredText("key"),
            Math.max(1, Math.min(wanted, MAX_MESSAGES)),
            fields.requiredLong("beginTimestamp"),
            fields.requiredLong("endTimestamp"));
    readers.run(reply, () -> answer(query, reply));
  }

  private void answer(KeyQuery query, Reply reply) {
    List<RecordView> found =
        topics.find(query.topic()).isPresent() ? search.find(query) : List.of();
    Fields fields =
        Fields.builder()
            .put("indexLastUpdateTimestamp", index.lastTimestampMillis())
            .put("indexLastUpdatePhyoffset", Math.max(0, index.lastPosition()))
            .build();
    if (found.isEmpty()) {
      reply.send(
          Command.response(
              reply.request(),
              ResponseCode.QUERY_NOT_FOUND,
              "can not find message, maybe time range not correct" + gaps(),
              fields));
    } else {
      reply.success(fields, concatenated(found));
    }
  }

  /** What a search could not look at. */
  private String gaps() {
    return index
        .gaps()
        .map(
            "; the key index is damaged at positions %s until the broker is started again"
                ::formatted)
        .orElse("");
  }

  private static ByteBuffer concatenated(List<RecordView> records) {
    ByteBuffer body = ByteBuffer.allocate(records.stream().mapToInt(RecordView::sizeBytes).sum());
    records.forEach(record -> body.put(record.bytes()));
    return body.flip();
  }

  private void view(Command request, Connection connection, Reply reply) {
    long position = request.fields().requiredLong("offset");
    readers.run(reply, () -> view(position, reply));
  }

  private void view(long position, Reply reply) {
    Optional<RecordView> record = search.findAt(position);
    if (record.isEmpty()) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR, "can not find message by the offset, " + position + gaps());
    } else if (!reply.rights().mayConsume(record.get().topic())) {
      reply.fail(ResponseCode.NO_PERMISSION, NOT_YOURS);
    } else {
      reply.success(Fields.empty(), record.get().bytes());
    }
  }
}
