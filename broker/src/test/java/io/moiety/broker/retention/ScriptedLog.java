package io.moiety.broker.retention;

import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A log that is only numbers, and fails as the test says. */
final class ScriptedLog implements RetainedLog {
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);
  private static final int COPY_BYTES = 200;

  private final int segmentBytes;
  private final Map<Long, RuntimeException> failedReads = new HashMap<>();
  private Optional<RuntimeException> refusal = Optional.empty();
  private int copiesBeforeRefusal;
  private long appendedPosition;
  private boolean begun;

  /** Of each record that {@link #find} finds, one behind the other from a segment's begin on. */
  final int recordBytes = RecordLayout.sizeBytes(draft());

  /** There is nothing at this position, though a record should be. */
  long damagedAt = -1;

  /** Positions of what was copied. */
  final List<Long> carried = new ArrayList<>();

  final List<RecordSpan> read = new ArrayList<>();
  DiskSpace disk = new DiskSpace(500, 1_000, 0);
  long storeTimestampMillis;
  long deletedBefore;

  ScriptedLog(int segmentBytes) {
    this.segmentBytes = segmentBytes;
  }

  /** So many segments more begin; the last of them has just begun. */
  void fill(int segments) {
    appendedPosition += (long) (begun ? segments : segments - 1) * segmentBytes;
    begun = true;
  }

  void append(int bytes) {
    appendedPosition += bytes;
  }

  /** From now on so many copies are taken and then none. */
  void refusalAfter(int copies, RuntimeException why) {
    copiesBeforeRefusal = copies;
    refusal = Optional.of(why);
  }

  void refuseNothing() {
    refusal = Optional.empty();
  }

  void failReads(long position, RuntimeException why) {
    failedReads.put(position, why);
  }

  void readAll() {
    failedReads.clear();
  }

  @Override
  public int segmentCount() {
    return segments().size();
  }

  @Override
  public List<SegmentInfo> segments() {
    List<SegmentInfo> segments = new ArrayList<>();
    long base = deletedBefore;
    for (; base + segmentBytes <= appendedPosition; base += segmentBytes) {
      segments.add(new SegmentInfo(base, base + segmentBytes, storeTimestampMillis));
    }
    segments.add(new SegmentInfo(base, appendedPosition, storeTimestampMillis));
    return segments;
  }

  @Override
  public long appendedPosition() {
    return appendedPosition;
  }

  @Override
  public DiskSpace diskSpace() {
    return disk;
  }

  @Override
  public RecordView read(RecordSpan record) {
    read.add(record);
    if (failedReads.containsKey(record.position())) {
      throw failedReads.get(record.position());
    }
    return recordAt(record.position());
  }

  private RecordView recordAt(long position) {
    ByteBuffer bytes = ByteBuffer.allocate(recordBytes);
    RecordLayout.write(draft(), position, 1, bytes);
    return RecordView.of(bytes.rewind());
  }

  private static RecordDraft draft() {
    return new RecordDraft(
        "T", 0, 0, 0, 0, 1, HOST, HOST, 0, 0, ByteBuffer.allocate(0), MessageProperties.empty());
  }

  @Override
  public Optional<RecordView> find(long position) {
    if (failedReads.containsKey(position)) {
      throw failedReads.get(position);
    }
    return position == damagedAt || isInLastPlace(position)
        ? Optional.empty()
        : Optional.of(recordAt(position));
  }

  @Override
  public OptionalLong endOfBlank(long position) {
    return isInLastPlace(position)
        ? OptionalLong.of((position / segmentBytes + 1) * segmentBytes)
        : OptionalLong.empty();
  }

  /** Where the rest of the segment is too small for a record. */
  private boolean isInLastPlace(long position) {
    return position % segmentBytes + recordBytes > segmentBytes;
  }

  @Override
  public long carry(RecordView record) {
    if (refusal.isPresent()) {
      if (copiesBeforeRefusal == 0) {
        throw refusal.get();
      }
      copiesBeforeRefusal--;
    }
    carried.add(record.position());
    appendedPosition += COPY_BYTES;
    return appendedPosition;
  }

  @Override
  public void deleteBefore(long position) {
    deletedBefore = position;
  }
}
