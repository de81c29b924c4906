package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The files of a log in memory, on one thread, that can lose power at every write, force, creation
 * and deletion; can be full; and can fail a force. What happens follows from the seed.
 */
public final class SimulatedDisk implements SegmentFiles {

  private static final long NEVER = Long.MAX_VALUE;
  private static final int HINT_BYTES = 8 * 1024;

  private final Random random;
  private final Map<Long, SimulatedFile> segments = new TreeMap<>();
  private final Map<Long, SimulatedFile> spares = new TreeMap<>();
  private Optional<SimulatedFile> hint = Optional.empty();

  private int mappedCount;
  private int openChannels;
  private int creations;
  private int reuses;
  private int zeroForces;
  private int pieceBytes;
  private long operations;
  private long stopAtOperation = NEVER;
  private int roomBytes = Integer.MAX_VALUE;
  private long failForceFrom = NEVER;

  public SimulatedDisk(long seed) {
    random = new Random(seed);
  }

  /** How many segments are mapped, now that none of an earlier process is. */
  int mappedCount() {
    return mappedCount;
  }

  int openChannels() {
    return openChannels;
  }

  /** How often a segment was forced through its file: what is prepared, not what is appended. */
  int zeroForces() {
    return zeroForces;
  }

  /** In which pieces a segment was written last. */
  int pieceBytes() {
    return pieceBytes;
  }

  int spareCount() {
    return spares.size();
  }

  void countCreations() {
    creations = 0;
  }

  /** How many files were made since {@link #countCreations}. */
  int creations() {
    return creations;
  }

  public long operations() {
    return operations;
  }

  /** An operation of other files on the same disk, at which the power may go as well. */
  public void operation() {
    stop(countOperation());
  }

  /** The power goes, or the process is killed, at the {@code count}th operation from now. */
  public void stopAfter(long count) {
    stopAtOperation = operations + count;
  }

  /** The power comes back: what was not forced is there in part. */
  public void restartAfterPowerCut() {
    restartAfterPowerCut(List.of(0, 30, 70, 100).get(random.nextInt(4)));
  }

  /**
   * The power comes back.
   *
   * @param keptPercent how likely an unforced sector is there
   */
  public void restartAfterPowerCut(int keptPercent) {
    segments.values().forEach(file -> file.cutPower(random, keptPercent));
    spares.values().forEach(file -> file.cutPower(random, keptPercent));
    hint.ifPresent(file -> file.cutPower(random, keptPercent));
    stopAtOperation = NEVER;
  }

  /** The power comes back: all is there but the first sector of the log that was not forced. */
  void restartAfterLosingOneSector() {
    segments.get(0L).cutPowerLosingOneSector();
    stopAtOperation = NEVER;
  }

  /** The process is killed: what it had written stays written, and unforced. */
  public void restartAfterKill() {
    stopAtOperation = NEVER;
  }

  /** The disk takes only so much more of what the log prepares. */
  void roomBytes(int newRoomBytes) {
    roomBytes = newRoomBytes;
  }

  int roomBytes() {
    return roomBytes;
  }

  void failNextForce() {
    failForceFrom = 0;
  }

  /** The next force of the file of a segment that begins at {@code basePosition} or later fails. */
  void failNextForceFrom(long basePosition) {
    failForceFrom = basePosition;
  }

  boolean failsAForce() {
    return failForceFrom != NEVER;
  }

  void loseHint() {
    hint = Optional.empty();
  }

  /** Alters a bit of the log; once more, and it is as before. */
  public void flip(long position, int bit) {
    for (SegmentSpan span : list()) {
      if (span.contains(position)) {
        segment(span).flip(span.indexOf(position), bit);
      }
    }
  }

  /** How many segments were made of spares. */
  int reuses() {
    return reuses;
  }

  /** The bytes of the {@code ordinal}th segment, to be damaged. */
  byte[] bytesOf(int ordinal) {
    return List.copyOf(segments.values()).get(ordinal).bytes();
  }

  void truncate(int ordinal, int sizeBytes) {
    long base = List.copyOf(segments.keySet()).get(ordinal);
    SimulatedFile shorter = new SimulatedFile(sizeBytes);
    System.arraycopy(bytesOf(ordinal), 0, shorter.bytes(), 0, sizeBytes);
    shorter.forceAll();
    segments.put(base, shorter);
  }

  void remove(int ordinal) {
    segments.remove(List.copyOf(segments.keySet()).get(ordinal));
  }

  @Override
  public List<SegmentSpan> list() {
    List<SegmentSpan> spans = new ArrayList<>();
    segments.forEach((base, file) -> spans.add(new SegmentSpan(base, file.sizeBytes())));
    return spans;
  }

  @Override
  public void create(SegmentSpan span) throws IOException {
    boolean stopped = countOperation();
    creations++;
    if (segments.containsKey(span.basePosition())) {
      throw new IOException("segment " + span.basePosition() + " is there already");
    }
    if (!stopped || random.nextBoolean()) {
      segments.put(span.basePosition(), new SimulatedFile(span.sizeBytes()));
    }
    stop(stopped);
  }

  @Override
  public void extend(SegmentSpan span, int sizeBytes) {
    boolean stopped = countOperation();
    if (!stopped || random.nextBoolean()) {
      segment(span).extend(sizeBytes);
    }
    stop(stopped);
  }

  @Override
  public void delete(SegmentSpan span) throws IOException {
    boolean stopped = countOperation();
    if (!segments.containsKey(span.basePosition())) {
      throw new IOException("segment " + span.basePosition() + " is not there");
    }
    if (!stopped || random.nextBoolean()) {
      segments.remove(span.basePosition());
    }
    stop(stopped);
  }

  @Override
  public void spare(SegmentSpan span) {
    boolean stopped = countOperation();
    if (!stopped || random.nextBoolean()) {
      spares.put(span.basePosition(), segment(span));
      segments.remove(span.basePosition());
    }
    stop(stopped);
  }

  @Override
  public void reuse(SegmentSpan spare, long basePosition) throws IOException {
    boolean stopped = countOperation();
    SimulatedFile file = spares.get(spare.basePosition());
    if (file == null || segments.containsKey(basePosition)) {
      throw new IOException("spare " + spare + " cannot become segment " + basePosition);
    }
    if (!stopped || random.nextBoolean()) {
      reuses++;
      spares.remove(spare.basePosition());
      segments.put(basePosition, file);
    }
    stop(stopped);
  }

  @Override
  public void deleteSpares() {
    boolean stopped = countOperation();
    if (!stopped) {
      spares.clear();
    }
    stop(stopped);
  }

  @Override
  public SegmentMemory map(SegmentSpan span) {
    return new SimulatedMemory(span, segment(span));
  }

  @Override
  public SegmentChannel channel(SegmentSpan span) {
    return new MemoryChannel(span, segment(span));
  }

  @Override
  public SegmentChannel reader(SegmentSpan span) {
    return channel(span);
  }

  @Override
  public Optional<HintFile> existingHint() {
    return hint.map(MemoryHint::new);
  }

  @Override
  public DiskSpace space(long logBytes) {
    return new DiskSpace(roomBytes, Integer.MAX_VALUE, logBytes);
  }

  @Override
  public HintFile hint() {
    SimulatedFile file = hint.orElseGet(() -> new SimulatedFile(HINT_BYTES));
    hint = Optional.of(file);
    return new MemoryHint(file);
  }

  @Override
  public Path path(SegmentSpan span) {
    return Path.of("simulated", Long.toString(span.basePosition()));
  }

  private SimulatedFile segment(SegmentSpan span) {
    SimulatedFile file = segments.get(span.basePosition());
    if (file == null) {
      throw new IllegalStateException("there is no segment " + span);
    }
    return file;
  }

  private void write(SimulatedFile file, int index, ByteBuffer source) {
    boolean stopped = countOperation();
    int sizeBytes = source.remaining();
    file.write(index, source, stopped ? random.nextInt(sizeBytes + 1) : sizeBytes);
    stop(stopped);
  }

  private void force(SimulatedFile file, long basePosition, int index, int sizeBytes)
      throws IOException {
    boolean stopped = countOperation();
    if (basePosition >= failForceFrom) {
      failForceFrom = NEVER;
      throw new IOException("injected: the disk could not write");
    }
    if (!stopped) {
      file.force(index, sizeBytes);
    }
    stop(stopped);
  }

  private boolean countOperation() {
    return ++operations >= stopAtOperation;
  }

  private static void stop(boolean stopped) {
    if (stopped) {
      throw new MachineStop();
    }
  }

  private final class SimulatedMemory implements SegmentMemory {

    private final SegmentSpan span;
    private final SimulatedFile file;
    private boolean closed;

    SimulatedMemory(SegmentSpan span, SimulatedFile file) {
      this.span = span;
      this.file = file;
      mappedCount++;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        mappedCount--;
      }
    }

    private void requireOpen() {
      if (closed) {
        throw new AssertionError("segment " + span + " is used after it was unmapped");
      }
    }

    @Override
    public void write(int index, ByteBuffer source) {
      requireOpen();
      SimulatedDisk.this.write(file, index, source);
    }

    @Override
    public void read(int index, ByteBuffer target) {
      requireOpen();
      file.read(index, target);
    }

    @Override
    public void force(int index, int sizeBytes) throws IOException {
      requireOpen();
      SimulatedDisk.this.force(file, span.basePosition(), index, sizeBytes);
    }
  }

  private final class MemoryChannel implements SegmentChannel {

    private final SegmentSpan span;
    private final SimulatedFile file;

    MemoryChannel(SegmentSpan span, SimulatedFile file) {
      this.span = span;
      this.file = file;
      openChannels++;
    }

    @Override
    public SegmentSpan span() {
      return span;
    }

    @Override
    public void read(int index, ByteBuffer target) {
      file.read(index, target);
    }

    @Override
    public void write(int index, ByteBuffer source, int pieces) throws IOException {
      pieceBytes = pieces;
      if (source.remaining() > roomBytes) {
        throw new IOException("No space left on device");
      }
      roomBytes -= source.remaining();
      SimulatedDisk.this.write(file, index, source);
    }

    @Override
    public void force() throws IOException {
      zeroForces++;
      SimulatedDisk.this.force(file, span.basePosition(), 0, file.sizeBytes());
    }

    @Override
    public void close() {
      openChannels--;
    }
  }

  private final class MemoryHint implements HintFile {

    private final SimulatedFile file;

    MemoryHint(SimulatedFile file) {
      this.file = file;
    }

    @Override
    public void read(int index, ByteBuffer target) {
      file.read(index, target);
    }

    @Override
    public void write(int index, ByteBuffer source) {
      SimulatedDisk.this.write(file, index, source);
    }

    @Override
    public void force() throws IOException {
      SimulatedDisk.this.force(file, 0, 0, file.sizeBytes());
    }

    @Override
    public void close() {}
  }
}
