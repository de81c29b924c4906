package io.moiety.broker.retention;

import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.Store;
import io.moiety.protocol.RecordView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * The log of a store.
 *
 * @param deleted told the log's new first position after segments went
 */
record StoredLog(CommitLog log, Store store, LongConsumer deleted) implements RetainedLog {

  @Override
  public int segmentCount() {
    return log.segmentCount();
  }

  @Override
  public List<SegmentInfo> segments() {
    return log.segments();
  }

  @Override
  public long appendedPosition() {
    return log.appendedPosition();
  }

  @Override
  public DiskSpace diskSpace() {
    return log.diskSpace();
  }

  @Override
  public RecordView read(RecordSpan record) {
    return store.read(record.position(), record.sizeBytes());
  }

  @Override
  public Optional<RecordView> find(long position) {
    return log.find(position);
  }

  @Override
  public OptionalLong endOfBlank(long position) {
    return log.endOfBlank(position);
  }

  @Override
  public long carry(RecordView record) {
    return store.carry(record).endPosition();
  }

  @Override
  public void deleteBefore(long position) {
    deleted.accept(log.deleteBefore(position));
  }
}
