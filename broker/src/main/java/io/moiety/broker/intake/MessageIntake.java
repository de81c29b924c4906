package io.moiety.broker.intake;

import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.transaction.BranchDecisions;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.XaAnswer;
import io.moiety.broker.transaction.XaRefusal;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Takes messages into the log: plain ones to their queue, delayed ones to the schedule, half
 * messages and those of a branch to the half topic.
 *
 * <p>Owner: the store turn.
 */
public final class MessageIntake {
  private static final String NUMBER = "a whole number from 0 to ";
  private static final Optional<String> NON_PERSISTENT = Optional.of("1");

  private final TopicAdmission topics;
  private final DelayRouting delays;
  private final Branches branches;
  private final BranchDecisions decisions;
  private final Journal journal;
  private final DiskGuard disk;
  private final InetSocketAddress storeHost;
  private final String clusterName;

  /**
   * The way in for messages.
   *
   * @param clusterName told to whoever is to reply to a request: it names the topic for replies
   */
  public MessageIntake(
      TopicAdmission topics,
      DelayRouting delays,
      Branches branches,
      BranchDecisions decisions,
      Journal journal,
      DiskGuard disk,
      InetSocketAddress storeHost,
      String clusterName) {
    this.topics = topics;
    this.delays = delays;
    this.branches = branches;
    this.decisions = decisions;
    this.journal = journal;
    this.disk = disk;
    this.storeHost = storeHost;
    this.clusterName = clusterName;
  }

  /** Takes one message. The outcome may be told at once or when it is durable. */
  public void take(IncomingMessage sent, long nowMillis, Consumer<SendOutcome> outcome) {
    admit(
        sent,
        nowMillis,
        outcome,
        (message, queueId) -> {
          if (message.properties().has(PropertyNames.BRANCH_XID)) {
            takeIntoBranch(message, queueId, outcome);
          } else if (isHalf(message)) {
            Logged half = journal.put(halfDraft(message, queueId));
            journal.whenDurable(half.endPosition(), tell(half, queueId, outcome));
          } else {
            takeOutsideBranches(message, queueId, nowMillis, outcome);
          }
        });
  }

  /**
   * Takes the only message of a branch, which is committed by that. When it is refused, the branch
   * is as it was, but where the branch's refusal is {@code XAER_RMFAIL}: then the disk has not
   * confirmed the commit, and what became of it is not known.
   */
  public void takeAndCommit(IncomingMessage sent, long nowMillis, Consumer<SendOutcome> outcome) {
    admit(
        sent,
        nowMillis,
        outcome,
        (message, queueId) -> commitBy(message, queueId, nowMillis, outcome));
  }

  /** Passes what nothing speaks against on, with its queue. */
  private void admit(
      IncomingMessage sent,
      long nowMillis,
      Consumer<SendOutcome> outcome,
      ObjIntConsumer<IncomingMessage> taking) {
    Optional<String> full = disk.refusal();
    if (full.isPresent()) {
      outcome.accept(new SendOutcome.Refused(ResponseCode.SERVICE_NOT_AVAILABLE, full.get()));
      return;
    }
    IncomingMessage message = sent.withoutMarks();
    TopicAdmission.Admission admission = topics.admit(message);
    if (admission instanceof TopicAdmission.Refused refused) {
      outcome.accept(new SendOutcome.Refused(refused.responseCode(), refused.reason()));
      return;
    }
    int queueId = ((TopicAdmission.Admitted) admission).queueId();
    Optional<String> illegal =
        illegalProperties(message).or(() -> delays.refusal(message.properties(), nowMillis));
    if (illegal.isPresent()) {
      outcome.accept(new SendOutcome.Refused(ResponseCode.MESSAGE_ILLEGAL, illegal.get()));
    } else {
      taking.accept(message, queueId);
    }
  }

  private void takeOutsideBranches(
      IncomingMessage message, int queueId, long nowMillis, Consumer<SendOutcome> outcome) {
    RecordDraft routed = delays.route(draft(message, queueId), nowMillis);
    boolean isUnforced = isNonPersistent(routed, message);
    Logged logged = isUnforced ? journal.putUnforced(routed) : journal.put(routed);
    answer(
        message,
        List.of(logged),
        queueId,
        DelayRouting.timerDueMillis(routed),
        isUnforced ? journal::whenSeen : journal::whenServed,
        outcome);
  }

  /**
   * Takes the messages of a batch, all or none: one topic, one queue, consecutive queue offsets.
   *
   * @throws io.moiety.broker.log.AppendRefusedException when the store takes none of them
   */
  public void takeBatch(List<IncomingMessage> sent, Consumer<SendOutcome> outcome) {
    List<IncomingMessage> batch = sent.stream().map(IncomingMessage::withoutMarks).toList();
    Optional<String> full = disk.refusal();
    Optional<String> illegal = illegalBatch(batch);
    if (full.isPresent()) {
      outcome.accept(new SendOutcome.Refused(ResponseCode.SERVICE_NOT_AVAILABLE, full.get()));
    } else if (illegal.isPresent()) {
      outcome.accept(new SendOutcome.Refused(ResponseCode.MESSAGE_ILLEGAL, illegal.get()));
    } else {
      takeLegalBatch(batch, outcome);
    }
  }

  private void takeLegalBatch(List<IncomingMessage> batch, Consumer<SendOutcome> outcome) {
    IncomingMessage first = batch.get(0);
    TopicAdmission.Admission admission = topics.admit(first);
    if (admission instanceof TopicAdmission.Refused refused) {
      outcome.accept(new SendOutcome.Refused(refused.responseCode(), refused.reason()));
      return;
    }
    int queueId = ((TopicAdmission.Admitted) admission).queueId();
    List<RecordDraft> drafts = batch.stream().map(message -> draft(message, queueId)).toList();
    answer(
        first, journal.putAll(drafts), queueId, OptionalLong.empty(), journal::whenServed, outcome);
  }

  private Optional<String> illegalBatch(List<IncomingMessage> batch) {
    if (batch.isEmpty()) {
      return Optional.of("the batch has no messages");
    }
    String topic = batch.get(0).topic();
    if (SystemTopics.isRetry(topic)) {
      return Optional.of("batch request does not support retry group " + topic);
    }
    return batch.stream()
        .map(
            message ->
                topics
                    .refuseBody(message.body())
                    .or(() -> illegalProperties(message))
                    .or(() -> refuseInBatch(message)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private void commitBy(
      IncomingMessage message, int queueId, long nowMillis, Consumer<SendOutcome> outcome) {
    BranchXid xid = xid(message.properties());
    long incarnation =
        number(message.properties(), PropertyNames.BRANCH_INCARNATION, Long.MAX_VALUE);
    Optional<XaRefusal> refusal = branches.refuseOnlySend(xid, incarnation);
    if (refusal.isPresent()) {
      outcome.accept(new SendOutcome.RefusedByBranch(refusal.get()));
      return;
    }
    RecordDraft routed = delays.route(draft(message.outsideBranches(), queueId), nowMillis);
    decisions.commitByMessage(
        xid,
        routed,
        nowMillis,
        (logged, answer) ->
            outcome.accept(
                answer instanceof XaAnswer.Refused unknown
                    ? new SendOutcome.RefusedByBranch(unknown.refusal())
                    : new SendOutcome.Stored(
                        PutStatus.PUT_OK,
                        List.of(logged.position()),
                        queueId,
                        logged.queueOffset(),
                        DelayRouting.timerDueMillis(routed))));
  }

  private static BranchXid xid(MessageProperties properties) {
    return BranchXid.ofField(
        PropertyNames.BRANCH_XID, properties.get(PropertyNames.BRANCH_XID).orElse(""));
  }

  private void takeIntoBranch(IncomingMessage message, int queueId, Consumer<SendOutcome> outcome) {
    MessageProperties properties = message.properties();
    BranchXid xid = xid(properties);
    long incarnation = number(properties, PropertyNames.BRANCH_INCARNATION, Long.MAX_VALUE);
    int sequence = (int) number(properties, PropertyNames.BRANCH_SEQUENCE, Integer.MAX_VALUE);
    Optional<XaRefusal> refusal = branches.refuseSend(xid, incarnation, sequence);
    if (refusal.isPresent()) {
      outcome.accept(new SendOutcome.RefusedByBranch(refusal.get()));
      return;
    }
    Logged half = journal.put(halfDraft(message, queueId));
    branches.sent(
        xid, new BranchSend(sequence, half.position(), half.sizeBytes()), message.connectionId());
    outcome.accept(
        new SendOutcome.Stored(
            PutStatus.PUT_OK,
            List.of(half.position()),
            queueId,
            half.queueOffset(),
            OptionalLong.empty()));
  }

  private void answer(
      IncomingMessage message,
      List<Logged> logged,
      int queueId,
      OptionalLong timerDueMillis,
      Journal.Promise promise,
      Consumer<SendOutcome> outcome) {
    Journal.Waiter told =
        status ->
            outcome.accept(
                new SendOutcome.Stored(
                    status,
                    logged.stream().map(Logged::position).toList(),
                    queueId,
                    logged.get(0).queueOffset(),
                    timerDueMillis));
    boolean waits = !"false".equals(message.properties().get(PropertyNames.WAIT).orElse("true"));
    if (waits) {
      promise.when(logged.get(logged.size() - 1).endPosition(), told);
    } else {
      told.done(PutStatus.PUT_OK);
    }
  }

  /**
   * Those of Jakarta Messaging that may be lost with the machine. One that waits for its time is
   * not, since it would come a second time if the disk had it there and not where it went.
   */
  private static boolean isNonPersistent(RecordDraft routed, IncomingMessage message) {
    return routed.topic().equals(message.topic())
        && message.properties().get(PropertyNames.JMS_DELIVERY_MODE).equals(NON_PERSISTENT);
  }

  private static Journal.Waiter tell(Logged half, int queueId, Consumer<SendOutcome> outcome) {
    return status ->
        outcome.accept(
            new SendOutcome.Stored(
                status,
                List.of(half.position()),
                queueId,
                half.queueOffset(),
                OptionalLong.empty()));
  }

  private RecordDraft draft(IncomingMessage message, int queueId) {
    return new RecordDraft(
        message.topic(),
        queueId,
        message.flag(),
        0,
        SysFlag.withTransactionPart(message.sysFlag(), SysFlag.TRANSACTION_NONE),
        message.bornTimestampMillis(),
        message.bornHost(),
        storeHost,
        message.reconsumeTimes(),
        0,
        message.body(),
        isRequest(message)
            ? message.properties().with(PropertyNames.CLUSTER, clusterName)
            : message.properties());
  }

  /** Its sender waits for a reply. */
  private static boolean isRequest(IncomingMessage message) {
    return message.properties().has(PropertyNames.REPLY_TO_CLIENT)
        && message.properties().has(PropertyNames.CORRELATION_ID);
  }

  private RecordDraft halfDraft(IncomingMessage message, int queueId) {
    RecordDraft draft = draft(message, queueId);
    Map<String, String> added = new LinkedHashMap<>();
    added.put(PropertyNames.REAL_TOPIC, message.topic());
    added.put(PropertyNames.REAL_QUEUE_ID, Integer.toString(queueId));
    draft
        .properties()
        .get(PropertyNames.UNIQUE_KEY)
        .ifPresent(key -> added.put(PropertyNames.TRANSACTION_ID, key));
    return draft
        .withDestination(SystemTopics.HALF, 0)
        .withProperties(draft.properties().withAll(added));
  }

  /** A consumer that sends a committed message back for a retry sends its properties along. */
  private static boolean isHalf(IncomingMessage message) {
    return SysFlag.transactionPart(message.sysFlag()) == SysFlag.TRANSACTION_PREPARED
        || (message.properties().get(PropertyNames.TRANSACTION_PREPARED).equals(Optional.of("true"))
            && !SystemTopics.isRetry(message.topic()));
  }

  /** Room is left for what the broker adds on a message's way. */
  private static final int ADDED_PROPERTIES_BYTES = 1_024;

  private static final int MAX_PROPERTIES_BYTES =
      RecordLayout.MAX_PROPERTIES_BYTES - ADDED_PROPERTIES_BYTES;

  /** The unique key, which may be of any length, is in a half message twice. */
  private static Optional<String> illegalProperties(IncomingMessage message) {
    boolean isStoredAsHalf = isHalf(message) || message.properties().has(PropertyNames.BRANCH_XID);
    int bytes =
        isStoredAsHalf
            ? bytesWithTransactionId(message.properties())
            : message.properties().encodedBytes();
    return bytes > MAX_PROPERTIES_BYTES
        ? Optional.of(
            "the properties have %d bytes%s; the limit is %d"
                .formatted(
                    bytes,
                    isStoredAsHalf ? " with the unique key as transaction id" : "",
                    MAX_PROPERTIES_BYTES))
        : Optional.empty();
  }

  private static int bytesWithTransactionId(MessageProperties properties) {
    return properties
        .get(PropertyNames.UNIQUE_KEY)
        .map(key -> properties.with(PropertyNames.TRANSACTION_ID, key))
        .orElse(properties)
        .encodedBytes();
  }

  private static Optional<String> refuseInBatch(IncomingMessage message) {
    MessageProperties properties = message.properties();
    boolean special =
        isHalf(message)
            || properties.has(PropertyNames.DELAY)
            || properties.has(PropertyNames.TIMER_DELIVER_MS)
            || properties.has(PropertyNames.TIMER_DELAY_MS)
            || properties.has(PropertyNames.TIMER_DELAY_SEC)
            || properties.has(PropertyNames.BRANCH_XID);
    return special
        ? Optional.of("a batch takes no delayed and no transactional messages: send them alone")
        : Optional.empty();
  }

  private static long number(MessageProperties properties, String name, long max) {
    String text = properties.get(name).orElse("");
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      throw new BadFieldException(name, text, NUMBER + max);
    }
    throw new BadFieldException(name, text, NUMBER + max);
  }
}
