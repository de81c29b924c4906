package io.moiety.broker.index;

import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;

/** An index over a log in memory, whose view thread runs when the test says so. */
final class IndexBench {
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);

  final SimulatedViewFiles files = new SimulatedViewFiles();
  final TreeMap<Long, RecordView> log = new TreeMap<>();
  private final KeyHash hash;
  private final MergePolicy policy;
  private final Queue<Runnable> viewTasks = new ArrayDeque<>();
  private KeyIndex index;

  /** What the index said of damaged files. */
  final List<String> damage = new ArrayList<>();

  private Optional<Snapshot> durable = Optional.empty();
  private long endPosition;
  private long nowMillis = 1_000;

  private record Snapshot(long position, ByteBuffer section) {}

  IndexBench(KeyHash hash, MergePolicy policy) {
    this.hash = hash;
    this.policy = policy;
    this.index = new KeyIndex(files, hash, policy);
    index.begin(viewTasks::add, damage::add);
  }

  KeyIndex index() {
    return index;
  }

  long nowMillis() {
    return nowMillis;
  }

  /** Appends a message a millisecond after the last one. */
  long put(String topic, Map<String, String> properties) {
    return put(topic, 0, properties);
  }

  long put(String topic, int sysFlag, Map<String, String> properties) {
    nowMillis++;
    RecordDraft draft =
        new RecordDraft(
            topic,
            0,
            0,
            0,
            sysFlag,
            nowMillis,
            HOST,
            HOST,
            0,
            0,
            ByteBuffer.allocate(0),
            MessageProperties.of(properties));
    ByteBuffer bytes = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    long position = endPosition;
    RecordLayout.write(draft, position, nowMillis, bytes);
    RecordView view = RecordView.of(bytes.flip());
    log.put(position, view);
    endPosition += view.sizeBytes();
    index.applyMessage(logged(view));
    return position;
  }

  /** Runs what waits for the view thread, as far as that or as the disk takes it. */
  void viewThread(int tasks) {
    for (int i = 0; i < tasks && !viewTasks.isEmpty(); i++) {
      try {
        viewTasks.element().run();
      } catch (UncheckedIOException unwritten) {
        return;
      }
      viewTasks.remove();
    }
  }

  void viewThread() {
    viewThread(Integer.MAX_VALUE);
  }

  /** Takes a snapshot; it is durable when the view thread has done what waits, and then this. */
  void snapshot() {
    Section section = index.capture();
    long position = endPosition;
    Runnable written =
        () -> {
          durable = Optional.of(new Snapshot(position, write(section)));
          section.durable();
        };
    viewTasks.add(() -> viewTasks.add(written));
  }

  /** The process ends without a word; what is durable comes back. */
  void restart() throws IOException {
    viewTasks.clear();
    KeyIndex restarted = new KeyIndex(files, hash, policy);
    if (durable.isPresent()) {
      byte[] section = durable.get().section().array();
      restarted.restore(new DataInputStream(new ByteArrayInputStream(section)));
    }
    long from = durable.map(Snapshot::position).orElse(0L);
    log.tailMap(from).values().forEach(view -> restarted.applyMessage(logged(view)));
    if (!log.isEmpty()) {
      restarted.forgetBefore(log.firstKey());
    }
    restarted.begin(viewTasks::add, damage::add);
    index = restarted;
  }

  /** As what the broker does about damage: the next start knows of no snapshot. */
  void loseSnapshot() {
    durable = Optional.empty();
  }

  /** Deletes the older part of the log, and tells the index. */
  void forget(int messages) {
    for (int i = 0; i < messages && log.size() > 1; i++) {
      log.pollFirstEntry();
    }
    if (!log.isEmpty()) {
      index.forgetBefore(log.firstKey());
    }
  }

  List<Long> find(String topic, String key, int atMost) {
    return find(new KeyQuery(topic, key, atMost, 0, Long.MAX_VALUE));
  }

  List<Long> find(KeyQuery query) {
    return search().find(query).stream().map(RecordView::position).toList();
  }

  /** Where the record lies that was first at the position. */
  List<Long> findDelayed(String topic, String uniqueKey, int limit) {
    return search().findDelayed(topic, uniqueKey, limit).stream()
        .map(RecordView::position)
        .toList();
  }

  Optional<Long> findAt(long position) {
    return search().findAt(position).map(RecordView::position);
  }

  private KeySearch search() {
    return new KeySearch(
        index, position -> Optional.ofNullable(log.get(position)), () -> endPosition);
  }

  static LoggedRecord logged(RecordView view) {
    return new LoggedRecord(
        view.topic(),
        view.queueId(),
        view.queueOffset(),
        view.position(),
        view.sizeBytes(),
        view.sysFlag(),
        view.bornTimestampMillis(),
        view.storeTimestampMillis(),
        view.preparedTransactionOffset(),
        view.properties(),
        view.body());
  }

  private static ByteBuffer write(Section section) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      section.write(new DataOutputStream(bytes));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }
}
