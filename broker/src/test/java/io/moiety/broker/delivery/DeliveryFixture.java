package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.SystemTopics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delivery over a log in memory, with one queue {@code Q} and a clock that a test moves. */
final class DeliveryFixture {
  static final String QUEUE = "Q";
  static final long CONNECTION = 7;

  final TopicTable topics = new TopicTable();
  final GroupTable groups = new GroupTable();
  final QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  final Ledgers ledgers = new Ledgers();
  final MemoryLog log = new MemoryLog(queues, List.of(topics, groups, queues, ledgers));
  final Selectors selectors = new Selectors();
  final BranchHolds holds = new BranchHolds(ledgers, log);
  final HeldReads readers = new HeldReads();
  final ColdReads coldReads;
  final Deliveries deliveries;
  long nowMillis = 10_000;

  DeliveryFixture() {
    this(DeliveryLimits.defaults());
  }

  DeliveryFixture(DeliveryLimits limits) {
    this(limits, ColdReads.Settings.defaults());
  }

  DeliveryFixture(DeliveryLimits limits, ColdReads.Settings reads) {
    coldReads =
        new ColdReads((position, sizeBytes) -> {}, log::endPosition, reads, readers, Runnable::run);
    deliveries =
        new Deliveries(ledgers, queues, topics, groups, log, log, coldReads, selectors, limits);
    createTopic(QUEUE, 1);
  }

  /**
   * Every message is cold until the test lets it be read, and few are remembered as warm. Whoever
   * reads a cold one fails.
   */
  static DeliveryFixture cold() {
    DeliveryFixture fixture =
        new DeliveryFixture(DeliveryLimits.defaults(), new ColdReads.Settings(0, 64, 1_024));
    fixture.readers.hold();
    fixture.log.beforeRead =
        span -> assertThat(fixture.coldReads.isWarm(span)).as("%s is warm", span).isTrue();
    return fixture;
  }

  /** One read is done, and those who wait are looked after. */
  boolean readOne() {
    boolean read = readers.readOne();
    run();
    return read;
  }

  void createTopic(String topic, int queueCount) {
    log.record(new SystemRecord.TopicSet(TopicConfig.of(topic, queueCount)));
  }

  /** Appends messages with these bodies, not served yet. */
  void append(String topic, String... bodies) {
    for (String body : bodies) {
      log.put(MemoryLog.draft(topic, 0, MessageProperties.empty(), body));
    }
  }

  /** Appends and serves messages with these bodies. */
  void send(String topic, String... bodies) {
    append(topic, bodies);
    serve();
  }

  void append(String topic, String body, Map<String, String> properties) {
    log.put(MemoryLog.draft(topic, 0, MessageProperties.of(properties), body));
  }

  void send(String topic, String body, Map<String, String> properties) {
    append(topic, body, properties);
    serve();
  }

  /** The end of a batch: everything is served, and those who wait are looked after. */
  void serve() {
    log.serve(deliveries);
    run();
    log.serve(deliveries);
  }

  void run() {
    do {
      deliveries.run(nowMillis);
    } while (deliveries.nextDueMillis() <= nowMillis);
  }

  void pass(long millis) {
    nowMillis += millis;
    run();
    log.serve(deliveries);
    run();
  }

  long openSession() {
    return openSession(CONNECTION);
  }

  long openSession(long connectionId) {
    Outcome<Long> opened = deliveries.sessions().open(connectionId, nowMillis);
    return ((Outcome.Done<Long>) opened).value();
  }

  MessageFilter selector(String text) {
    return selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text);
  }

  Receiving receiver(long session, int consumer) {
    return new Receiving(session, consumer);
  }

  /** Acknowledges and checks that it is taken. */
  void acknowledge(long session, int consumer, long... offsets) {
    Outcome<Claim> claim = claim(session, consumer, offsets);
    assertThat(claim).isInstanceOf(Outcome.Done.class);
    deliveries.acknowledgements().acknowledge(((Outcome.Done<Claim>) claim).value(), outcome -> {});
    serve();
  }

  /** A branch takes the messages. */
  void acknowledgeInBranch(long session, int consumer, long incarnation, long... offsets) {
    Claim claim = ((Outcome.Done<Claim>) claim(session, consumer, offsets)).value();
    claim.ranges().forEach(range -> holds.hold(range, incarnation));
    deliveries.acknowledgements().taken(claim);
  }

  Outcome<Claim> claim(long session, int consumer, long... offsets) {
    List<AckSpan> spans = new ArrayList<>();
    for (long offset : offsets) {
      spans.add(new AckSpan(consumer, 0, offset, offset));
    }
    return deliveries.acknowledgements().claim(CONNECTION, session, spans);
  }

  /** Bodies of all messages of the dead letter topic of the group. */
  List<String> deadLetters(String group) {
    String topic = SystemTopics.deadLetterTopic(group);
    List<String> bodies = new ArrayList<>();
    queues
        .find(topic, 0)
        .ifPresent(
            queue -> {
              for (long offset = 0; offset < queue.nextOffset(); offset++) {
                var entry = queue.find(offset).orElseThrow();
                bodies.add(
                    StandardCharsets.UTF_8
                        .decode(log.read(entry.position(), entry.sizeBytes()).body())
                        .toString());
              }
            });
    return bodies;
  }

  /** The ledgers as a start would find them. */
  Ledgers replayed() {
    Ledgers replayed = new Ledgers();
    log.replay(replayed);
    return replayed;
  }

  Optional<Refusal> subscribe(SubscribeRequest request) {
    Journal.Waiter waiter = outcome -> {};
    Optional<Refusal> refusal = deliveries.subscriptions().subscribe(request, waiter);
    serve();
    return refusal;
  }

  static SubscribeRequest durable(String group, String topic) {
    return new SubscribeRequest(
        CONNECTION, group, topic, false, true, false, Optional.empty(), Optional.empty());
  }

  /** A consumer that asks for messages; defaults can be changed. */
  final class Receiving {
    private final long session;
    private final int consumer;
    private String group = QUEUE;
    private String topic = QUEUE;
    private long connectionId = CONNECTION;
    private int maxMessages = 100;
    private int maxBytes = 1024 * 1024;
    private long waitMillis;
    private boolean handOver = true;
    private int maxDeliveries;
    private MessageFilter filter = MessageFilter.ALL;

    private Receiving(long session, int consumer) {
      this.session = session;
      this.consumer = consumer;
    }

    Receiving on(String newGroup, String newTopic) {
      group = newGroup;
      topic = newTopic;
      return this;
    }

    Receiving from(long newConnectionId) {
      connectionId = newConnectionId;
      return this;
    }

    Receiving max(int messages) {
      maxMessages = messages;
      return this;
    }

    Receiving maxBytes(int bytes) {
      maxBytes = bytes;
      return this;
    }

    Receiving waiting(long millis) {
      waitMillis = millis;
      return this;
    }

    Receiving ahead() {
      handOver = false;
      return this;
    }

    Receiving deadAfter(int deliveriesAtMost) {
      maxDeliveries = deliveriesAtMost;
      return this;
    }

    Receiving selecting(MessageFilter newFilter) {
      filter = newFilter;
      return this;
    }

    Answer receive() {
      Answer answer = new Answer();
      deliveries
          .sessions()
          .receive(
              new ReceiveRequest(
                  connectionId,
                  session,
                  consumer,
                  group,
                  topic,
                  maxMessages,
                  maxBytes,
                  waitMillis,
                  handOver,
                  maxDeliveries,
                  filter),
              nowMillis,
              answer);
      return answer;
    }
  }

  /** What a receive was answered. */
  static final class Answer implements ReceiveAnswer, PopAnswer {
    private final List<Object> answers = new ArrayList<>();
    long popTimeMillis;

    @Override
    public void messages(List<Delivered> messages) {
      answers.add(messages);
    }

    @Override
    public void messages(List<Delivered> messages, long popTime, long rest) {
      popTimeMillis = popTime;
      answers.add(messages);
    }

    @Override
    public void nothing() {
      answers.add(Optional.empty());
    }

    @Override
    public void nothing(Optional<String> stopped) {
      answers.add(stopped);
    }

    @Override
    public void refused(Refusal refusal) {
      answers.add(refusal);
    }

    boolean isWaiting() {
      return answers.isEmpty();
    }

    boolean isNothing() {
      return one() instanceof Optional<?>;
    }

    Refusal refusal() {
      return (Refusal) one();
    }

    Optional<?> stopped() {
      return (Optional<?>) one();
    }

    @SuppressWarnings("unchecked")
    List<Delivered> delivered() {
      return (List<Delivered>) one();
    }

    List<String> bodies() {
      return delivered().stream()
          .map(message -> StandardCharsets.UTF_8.decode(message.record().body()).toString())
          .toList();
    }

    List<Integer> counts() {
      return delivered().stream().map(Delivered::deliveryCount).toList();
    }

    private Object one() {
      assertThat(answers).hasSize(1);
      return answers.get(0);
    }
  }
}
