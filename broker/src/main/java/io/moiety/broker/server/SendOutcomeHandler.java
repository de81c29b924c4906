package io.moiety.broker.server;

import io.moiety.broker.index.KeySearch;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * {@code SEND_OUTCOME}: whether a message is stored, by its sender's key. For a client that lost
 * the connection before the answer to its send; that the send is not just on its way, {@link
 * ClientEpochs} sees to. A key is looked for among what may be seen, so the question waits until
 * that is all that is appended.
 */
public final class SendOutcomeHandler implements RequestHandler {

  private final KeySearch search;
  private final InetSocketAddress storeHost;
  private final Journal journal;
  private final InTurn inTurn;
  private final OnReaders readers;

  /**
   * A handler over one store.
   *
   * @param readers refuses when too much waits
   */
  public SendOutcomeHandler(
      KeySearch search,
      InetSocketAddress storeHost,
      Journal journal,
      InTurn inTurn,
      Executor readers) {
    this.search = search;
    this.storeHost = storeHost;
    this.journal = journal;
    this.inTurn = inTurn;
    this.readers = new OnReaders(readers);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    String topic = request.fields().requiredText("topic");
    String uniqueKey = request.fields().requiredText("uniqueKey");
    inTurn.run(reply, () -> ask(topic, uniqueKey, reply));
  }

  private void ask(String topic, String uniqueKey, Reply reply) {
    long endPosition = journal.endPosition();
    journal.whenServed(
        endPosition,
        served -> {
          if (served == PutStatus.PUT_OK) {
            readers.run(
                reply, () -> reply.success(answer(search.findSent(topic, uniqueKey, endPosition))));
          } else {
            reply.fail(
                ResponseCode.SERVICE_NOT_AVAILABLE,
                "whether the message is stored is not known: the store answered "
                    + served
                    + "; ask again");
          }
        });
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
