package io.moiety.broker.server;

import io.moiety.broker.index.KeyQuery;
import io.moiety.broker.index.KeySearch;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * {@code SEND_OUTCOME}: whether a message is stored, by its sender's key. For a client that lost
 * the connection before the answer to its send; that the send is not just on its way, {@link
 * ClientEpochs} sees to.
 */
public final class SendOutcomeHandler implements RequestHandler {

  /** Other messages may have the same text for a key of theirs. */
  private static final int MAX_FOUND = 64;

  private final KeySearch search;
  private final InetSocketAddress storeHost;
  private final OnReaders readers;

  /**
   * A handler over one store.
   *
   * @param readers refuses when too much waits
   */
  public SendOutcomeHandler(KeySearch search, InetSocketAddress storeHost, Executor readers) {
    this.search = search;
    this.storeHost = storeHost;
    this.readers = new OnReaders(readers);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    String topic = request.fields().requiredText("topic");
    String uniqueKey = request.fields().requiredText("uniqueKey");
    readers.run(reply, () -> reply.success(answer(stored(topic, uniqueKey))));
  }

  private Optional<RecordView> stored(String topic, String uniqueKey) {
    return search.find(new KeyQuery(topic, uniqueKey, MAX_FOUND, 0, Long.MAX_VALUE)).stream()
        .filter(
            message ->
                message.property(PropertyNames.UNIQUE_KEY).filter(uniqueKey::equals).isPresent())
        .findFirst()
        .or(() -> search.findDelayed(topic, uniqueKey, 1).stream().findFirst());
  }

  private Fields answer(Optional<RecordView> stored) {
    Fields.Builder fields = Fields.builder().put("stored", stored.isPresent());
    stored.ifPresent(
        message ->
            fields
                .put("msgId", MessageIds.offsetMessageId(storeHost, message.position()))
                .put("queueId", message.queueId())
                .put("queueOffset", message.queueOffset()));
    return fields.build();
  }
}
