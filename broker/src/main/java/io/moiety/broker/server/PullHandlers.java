package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.queue.ServedListener;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.DueWork;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Classic pulls. A pull is scanned in the store turn; what it may match is read by {@link
 * PullReading}. A pull that finds nothing waits, and is scanned again as soon as more of its queue
 * is served.
 *
 * <p>Owner: the store turn.
 */
public final class PullHandlers implements ServedListener, DueWork {

  private static final int MAX_WAITING = 100_000;

  private final PullAdmission admission;
  private final QueueTable queues;
  private final ClassicOffsets offsets;
  private final PullReading reading;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final InTurn inTurn;
  private final PullWaiting waiting = new PullWaiting(MAX_WAITING);

  public PullHandlers(
      PullAdmission admission,
      QueueTable queues,
      ClassicOffsets offsets,
      PullReading reading,
      LostConnections lostConnections,
      BrokerClock clock,
      InTurn inTurn) {
    this.admission = admission;
    this.queues = queues;
    this.offsets = offsets;
    this.reading = reading;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.PULL_MESSAGE, this::pull);
    router.register(RequestCode.LITE_PULL_MESSAGE, this::pull);
  }

  @Override
  public void served(ConsumeQueue queue) {
    waiting.served(new QueueKey(queue.topic(), queue.queueId()));
  }

  /** The offset of some group was moved: those of its members who wait are told. */
  void moved(QueueKey queue) {
    waiting.served(queue);
  }

  @Override
  public void run(long nowMillis) {
    waiting.expire(nowMillis);
  }

  @Override
  public long nextDueMillis() {
    return waiting.nextDueMillis();
  }

  private void pull(Command request, Connection connection, Reply reply) {
    PullRequest pull = PullRequest.of(request);
    lostConnections.watch(connection);
    inTurn.run(
        reply, () -> lostConnections.ifOpen(connection, () -> pull(pull, connection, reply)));
  }

  private void pull(PullRequest request, Connection connection, Reply reply) {
    long nowMillis = clock.nowMillis();
    PullAdmission.Admission admitted = admission.admit(request, connection, nowMillis);
    if (admitted instanceof PullAdmission.Refused refused) {
      reply.fail(refused.code(), refused.remark());
    } else if (admitted instanceof PullAdmission.Admitted with) {
      request
          .committedOffset()
          .ifPresent(next -> offsets.commit(request.group(), request.queue(), next, nowMillis));
      offsets.pulled(request.group(), request.queue(), request.queueOffset());
      new Pull(request, with.filter(), connection, reply, nowMillis + request.suspendMillis())
          .scan(request.suspendMillis() > 0);
    }
  }

  /** One pull on its way to its answer. */
  private final class Pull implements PullWaiting.Held {

    private final PullRequest request;
    private final MessageFilter filter;
    private final Connection connection;
    private final Reply reply;
    private final long deadlineMillis;
    private long from;

    Pull(
        PullRequest request,
        MessageFilter filter,
        Connection connection,
        Reply reply,
        long deadlineMillis) {
      this.request = request;
      this.filter = filter;
      this.connection = connection;
      this.reply = reply;
      this.deadlineMillis = deadlineMillis;
      this.from = request.queueOffset();
    }

    @Override
    public void served() {
      scanUnlessOutdated(true);
    }

    @Override
    public void expired() {
      scanUnlessOutdated(false);
    }

    @Override
    public void failed(RuntimeException failure) {
      reply.fail(failure);
    }

    /**
     * Since a heartbeat subscribed to something else, what this pull passed over may be wanted. The
     * client judges what it is given by the subscription that the pull began with, and would drop
     * it: it has to pull again.
     */
    private void scanUnlessOutdated(boolean mayWait) {
      if (admission.filterNow(request, connection).filter(now -> !now.equals(filter)).isPresent()) {
        Optional<ConsumeQueue> queue =
            queues.find(request.queue().topic(), request.queue().queueId());
        PullAnswers.of(queue, reply).nothing(request.queueOffset());
      } else {
        scan(mayWait);
      }
    }

    /** Answers, has an answer read, or waits where that is allowed. */
    void scan(boolean mayWait) {
      Optional<ConsumeQueue> queue =
          queues.find(request.queue().topic(), request.queue().queueId());
      PullAnswers answers = PullAnswers.of(queue, reply);
      OptionalLong reset = offsets.takeReset(request.group(), request.queue(), from);
      if (reset.isPresent()) {
        answers.reset(reset.getAsLong());
        return;
      }
      if (!answers.isInside(from)) {
        answers.moved(from);
        return;
      }
      PullScan scan =
          queue
              .map(
                  stored ->
                      PullScan.of(stored, from, filter, request.maxMessages(), request.maxBytes()))
              .orElse(PullScan.NOTHING);
      if (!scan.candidates().isEmpty()) {
        reading.answer(request, filter, scan, answers);
      } else if (!scan.reachedEnd()) {
        answers.unmatched(scan.nextOffset());
      } else {
        from = scan.nextOffset();
        if (!mayWait || !waiting.hold(request.queue(), deadlineMillis, this)) {
          end(answers);
        }
      }
    }

    private void end(PullAnswers answers) {
      if (from > request.queueOffset()) {
        answers.unmatched(from);
      } else {
        answers.nothing(from);
      }
    }
  }
}
