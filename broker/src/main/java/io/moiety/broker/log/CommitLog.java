package io.moiety.broker.log;

import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The log of the store: records are appended, become durable in order, and are read by position.
 *
 * <p>{@link #open}, {@link #replay}, {@link #append}, {@link #segments}, {@link #deleteBefore} and
 * {@link #close} belong to one thread at a time, the owner of the store turn. An append does not
 * wait for the disk. Everything else may be called by any thread.
 *
 * <p>After one failed write or force, or when it is {@linkplain #fail told to}, the log refuses
 * appends for good and stays readable.
 */
public final class CommitLog implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CommitLog.class.getName());

  private final LogParts parts;
  private final RecordReader reader;
  private final LogAppends appends;
  private final HeldStore lock;
  private volatile boolean closed;

  CommitLog(LogParts parts, LogConfig config, LogClock clock, HeldStore lock) {
    this.parts = parts;
    this.reader = new RecordReader(parts.recovered().segments(), parts.appended());
    this.appends = new LogAppends(parts, config, clock);
    this.lock = lock;
  }

  /**
   * Locks the store, finds the end of its log, and makes the log ready for appends.
   *
   * @throws StoreLockedException when another broker has the store open
   * @throws StoreDamagedException when durable records are missing
   * @throws UncheckedIOException when a file cannot be read or written
   */
  public static CommitLog open(LogConfig config, LogClock clock, LogEvents events) {
    return FileThread.call(
        "moiety-log-recovery",
        () -> {
          StoreLock lock = StoreLock.acquire(config.storeDirectory());
          try {
            SegmentFiles files = DirectorySegmentFiles.open(config.storeDirectory());
            LogParts parts =
                LogParts.recover(files, config, events, new ThreadDrivers(config, events));
            return new CommitLog(parts, config, clock, lock);
          } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
          }
        });
  }

  /**
   * Passes every record to {@code sink}, in order, on a thread of its own while the caller waits.
   * After {@link #open} and before the first append.
   *
   * @throws StoreDamagedException when a record is missing; what came before it was passed
   */
  public void replay(RecordSink sink) {
    replay(firstPosition(), sink);
  }

  /**
   * As {@link #replay(RecordSink)}, from a position on.
   *
   * @param fromPosition where a record begins, or the end of the log
   * @throws IllegalArgumentException when the log does not hold that position
   */
  public void replay(long fromPosition, RecordSink sink) {
    long end = parts.recovered().endPosition();
    if (parts.appended().position() != end) {
      throw new IllegalStateException("a replay after the first append would repeat records");
    }
    if (fromPosition < firstPosition() || fromPosition > end) {
      throw new IllegalArgumentException(
          "a replay from position %d of a log that holds %d to %d"
              .formatted(fromPosition, firstPosition(), end));
    }
    LogReplay replay =
        new LogReplay(parts.files(), parts.recovered().segments(), fromPosition, end);
    FileThread.call(
        "moiety-log-replay",
        () -> {
          replay.into(sink);
          return end;
        });
  }

  /**
   * Appends a record. It is readable at once, and durable when {@link #durablePosition} has reached
   * its end.
   *
   * @throws AppendRefusedException when it is too large ({@code MESSAGE_ILLEGAL}), no room is
   *     prepared for it since the disk is slower than the appends ({@code OS_PAGE_CACHE_BUSY}) or
   *     full ({@code CREATE_MAPPED_FILE_FAILED}), or the log has failed or is closed ({@code
   *     SERVICE_NOT_AVAILABLE})
   */
  public Appended append(RecordDraft draft) {
    return appends.append(draft);
  }

  /**
   * Sees that the next appends, of these records and with no others between them, find room.
   *
   * @throws AppendRefusedException as for {@link #append}; when they are more than there is ever
   *     room for, {@code MESSAGE_ILLEGAL}
   */
  public void requireRoom(List<RecordDraft> drafts) {
    appends.requireRoom(drafts);
  }

  /**
   * As {@link #requireRoom(List)}, for records of so many bytes in all; of more than there is ever
   * room for at once, that there is as much as there can be.
   */
  public void requireRoom(long bytes) {
    appends.requireRoom(bytes);
  }

  /** The end of the last appended record. */
  public long appendedPosition() {
    return parts.appended().position();
  }

  /** Everything before it is on the disk. */
  public long durablePosition() {
    return parts.flusher().durablePosition();
  }

  /** The position of the oldest record that is kept. */
  public long firstPosition() {
    return parts.recovered().segments().firstPosition();
  }

  /** How many segments are kept. */
  public int segmentCount() {
    return parts.recovered().segments().count();
  }

  /** The segments that are kept, in log order. There is always one. In the store turn. */
  public List<SegmentInfo> segments() {
    List<Segment> all = parts.recovered().segments().all();
    List<SegmentInfo> infos = new ArrayList<>(all.size());
    for (Segment segment : all.subList(0, all.size() - 1)) {
      infos.add(
          new SegmentInfo(
              segment.span().basePosition(),
              segment.span().endPosition(),
              segment.greatestStoreTimestampMillis()));
    }
    infos.add(
        new SegmentInfo(
            all.get(all.size() - 1).span().basePosition(),
            parts.appended().position(),
            parts.appended().storeTimestampMillis()));
    return infos;
  }

  /**
   * Gives up the segments that lie wholly before {@code position} and are durable: from now on the
   * log begins after them. Their files go a little later, in log order; after a crash the log may
   * begin earlier again. In the store turn.
   *
   * @return the new {@link #firstPosition()}
   */
  public long deleteBefore(long position) {
    long limit = Math.min(position, durablePosition());
    List<Segment> gone = parts.recovered().segments().removeBefore(limit);
    if (!gone.isEmpty()) {
      parts.recovered().cold().dropBefore(firstPosition());
      parts.old().retire(gone);
      parts.preparation().wakeForRoom();
    }
    return firstPosition();
  }

  /**
   * Asks for everything before {@code position} to become durable now; without it the next timed
   * force does it. Does not wait: {@link LogEvents} tells.
   */
  public void forceUpTo(long position) {
    parts.flushing().request(position);
  }

  /**
   * A copy of a record.
   *
   * @throws RecordGoneException when it was deleted
   * @throws RecordDamagedException when that place does not hold a valid record of that size
   * @throws RecordUnreadableException when the disk does not let it be read now
   */
  public RecordView read(long position, int sizeBytes) {
    return reader.read(position, sizeBytes);
  }

  /**
   * Copies a record to {@code target}, whose position moves behind it.
   *
   * @throws RecordDamagedException as for {@link #read}
   */
  public void copy(long position, int sizeBytes, ByteBuffer target) {
    reader.copy(position, sizeBytes, target);
  }

  /** A copy of the record that begins at a position that a client named; empty when none does. */
  public Optional<RecordView> find(long position) {
    return reader.find(position);
  }

  /** Where the log goes on behind the blank that begins at a position; empty when none does. */
  public OptionalLong endOfBlank(long position) {
    return reader.endOfBlank(position);
  }

  /**
   * Reads what the log holds of these bytes, so that a read of records in them does not wait for
   * the disk a little later. Any thread that may wait itself.
   *
   * @throws UncheckedIOException when the disk does not give them
   */
  public void bringToCache(long position, int sizeBytes) {
    reader.bringToCache(position, sizeBytes);
  }

  /** The room on the disk, as it was within the last seconds. */
  public DiskSpace diskSpace() {
    return parts.gauge().latest();
  }

  /**
   * Why no room for later appends can be prepared now, as on a full disk. A part of a segment is
   * still there then, for what must go on. Any thread.
   */
  public Optional<String> obstacle() {
    return parts.tail().obstacle();
  }

  /** What the log has done since it was opened. */
  public LogStatistics statistics() {
    return new LogStatistics(
        parts.appended().records(),
        parts.appended().bytes(),
        firstPosition(),
        durablePosition(),
        appendedPosition(),
        parts.flusher().latency(),
        diskSpace());
  }

  /**
   * Takes no more appends, as after a failed write, since what follows the log could not.
   *
   * @param cause what kept it from following
   */
  public void fail(Throwable cause) {
    parts.failure().raise(cause);
  }

  /** Whether a write or a force has failed, or what follows the log. */
  public boolean failed() {
    return parts.failure().raised();
  }

  /**
   * Publishes where this broker listens, for those whom the lock of the store refuses. A full disk
   * that does not take it is no reason not to start.
   */
  public void publishAddress(String address) {
    FileThread.call(
        "moiety-store-lock",
        () -> {
          try {
            lock.publish(Optional.of(address));
          } catch (IOException e) {
            LOG.log(Level.WARNING, "Others cannot be told who has the store: {0}", e.getMessage());
          }
          return address;
        });
  }

  /**
   * Makes durable what was appended, unless the log has failed, and gives the store free.
   *
   * @throws IllegalStateException when the disk does not answer; the store stays locked then
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    appends.close();
    parts.preparation().close();
    parts.flushing().close();
    parts.recovered().segments().all().forEach(Segment::cool);
    parts.recovered().cold().close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of the store could not be given back", e);
    }
  }
}
