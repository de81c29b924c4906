package io.moiety.broker.server;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.LockBatchBody;
import io.moiety.protocol.body.LockedQueuesBody;
import io.moiety.protocol.body.MessageQueueBody;
import java.util.List;

/** Locks that consumers in order take on their queues. Owner of the locks: the store turn. */
public final class QueueLockHandlers {

  private final String brokerName;
  private final BrokerClock clock;
  private final InTurn inTurn;
  private final QueueLocks locks;

  public QueueLockHandlers(
      BrokerConfig config, QueueLocks locks, BrokerClock clock, InTurn inTurn) {
    this.brokerName = config.brokerName();
    this.locks = locks;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.LOCK_BATCH_MQ, this::lock);
    router.register(RequestCode.UNLOCK_BATCH_MQ, this::unlock);
  }

  private void lock(Command request, Connection connection, Reply reply) {
    LockBatchBody body = read(request);
    inTurn.run(reply, () -> lock(body, reply));
  }

  private void lock(LockBatchBody body, Reply reply) {
    List<MessageQueueBody> held =
        locks.lock(body.consumerGroup(), body.clientId(), queues(body), clock.nowMillis()).stream()
            .map(queue -> new MessageQueueBody(brokerName, queue.queueId(), queue.topic()))
            .toList();
    reply.success(Fields.empty(), JsonBodies.write(new LockedQueuesBody(held)));
  }

  private void unlock(Command request, Connection connection, Reply reply) {
    LockBatchBody body = read(request);
    inTurn.run(
        reply,
        () -> {
          locks.unlock(body.consumerGroup(), body.clientId(), queues(body));
          reply.success(Fields.empty());
        });
  }

  /** On the event loop: reading may take long, and names of locks are kept. */
  private static LockBatchBody read(Command request) {
    LockBatchBody body = JsonBodies.readRequest(request.body(), LockBatchBody.class);
    ClientNames.check("clientId", body.clientId());
    ClientNames.checkGroup("consumerGroup", body.consumerGroup());
    body.queues().forEach(queue -> ClientNames.checkGroup("topic", queue.topic()));
    return body;
  }

  private static List<QueueKey> queues(LockBatchBody body) {
    return body.queues().stream()
        .map(queue -> new QueueKey(queue.topic(), queue.queueId()))
        .toList();
  }
}
