package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Files of views in memory, each with the bytes as written and the bytes as forced, so that a test
 * can cut the power, fill the disk or alter bytes. Names are safe at once. Any thread.
 */
public final class SimulatedViewFiles implements ViewFiles {
  private static final int PAGE_BYTES = 512;

  private final Map<String, Content> contents = new TreeMap<>();
  private Runnable beforeEach = () -> {};
  private boolean full;
  private boolean forcesFail;
  private int reads;
  private int writes;
  private int forces;

  /** A file of blocks of its own. */
  public static BlockFile blocks() {
    try {
      return BlockFile.open(new SimulatedViewFiles());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(contents.keySet());
  }

  @Override
  public synchronized ViewFile open(String name) {
    return new SimulatedViewFile(contents.computeIfAbsent(name, absent -> new Content()));
  }

  /** Told before anything is changed on the disk; may stop the machine by throwing. */
  public synchronized void beforeEachOperation(Runnable newBeforeEach) {
    beforeEach = newBeforeEach;
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    beforeEach.run();
    Content content = contents.remove(from);
    if (content == null) {
      throw new FileNotFoundException(from);
    }
    contents.put(to, content);
  }

  @Override
  public synchronized void delete(String name) {
    beforeEach.run();
    contents.remove(name);
  }

  /** From now on writes fail as on a full disk, or no more. */
  public synchronized void full(boolean isFull) {
    full = isFull;
  }

  /** From now on forces fail, or no more. */
  public synchronized void failForces(boolean fail) {
    forcesFail = fail;
  }

  /**
   * What is forced stays, and of the rest some pages.
   *
   * @param keptPercent how likely an unforced page reached the disk nevertheless
   */
  public synchronized void cutPower(Random random, int keptPercent) {
    contents.values().forEach(content -> content.cutPower(random, keptPercent));
  }

  /** Alters one bit, on the disk too. */
  public synchronized void flipBit(String name, int index) {
    Content content = contents.get(name);
    if (content == null) {
      throw new IllegalArgumentException("there is no file " + name);
    }
    content.written[index] ^= 1;
    content.force();
  }

  /** Alters a bit in each so many bytes of a file, on the disk too. */
  public synchronized void flipEvery(String name, int stepBytes, int index) {
    Content content = contents.get(name);
    if (content == null) {
      throw new IllegalArgumentException("there is no file " + name);
    }
    for (int at = index; at < content.sizeBytes; at += stepBytes) {
      content.written[at] ^= 1;
    }
    content.force();
  }

  public synchronized int reads() {
    return reads;
  }

  public synchronized int writes() {
    return writes;
  }

  public synchronized int forces() {
    return forces;
  }

  private static final class Content {
    /** Has room for more. */
    private byte[] written = new byte[0];

    private int sizeBytes;
    private byte[] forced = new byte[0];

    void force() {
      forced = Arrays.copyOf(written, sizeBytes);
    }

    void growTo(int bytes) {
      if (bytes > written.length) {
        written = Arrays.copyOf(written, Math.max(bytes, 2 * written.length));
      }
      sizeBytes = Math.max(sizeBytes, bytes);
    }

    void cutPower(Random random, int keptPercent) {
      byte[] left = forced;
      for (int from = 0; from < sizeBytes; from += PAGE_BYTES) {
        int until = Math.min(sizeBytes, from + PAGE_BYTES);
        if (random.nextInt(100) < keptPercent) {
          left = left.length < until ? Arrays.copyOf(left, until) : left.clone();
          System.arraycopy(written, from, left, from, until - from);
        }
      }
      forced = left;
      written = left.clone();
      sizeBytes = left.length;
    }
  }

  private final class SimulatedViewFile implements ViewFile {
    private final Content content;
    private boolean closed;

    SimulatedViewFile(Content content) {
      this.content = content;
    }

    @Override
    public void read(long index, ByteBuffer target) throws IOException {
      synchronized (SimulatedViewFiles.this) {
        requireOpen();
        reads++;
        int from = (int) Math.min(index, content.sizeBytes);
        target.put(content.written, from, Math.min(target.remaining(), content.sizeBytes - from));
      }
    }

    @Override
    public void write(long index, ByteBuffer source) throws IOException {
      synchronized (SimulatedViewFiles.this) {
        requireOpen();
        beforeEach.run();
        if (full) {
          throw new IOException("No space left on device");
        }
        writes++;
        int from = Math.toIntExact(index);
        int until = from + source.remaining();
        content.growTo(until);
        source.get(content.written, from, until - from);
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      synchronized (SimulatedViewFiles.this) {
        requireOpen();
        return content.sizeBytes;
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedViewFiles.this) {
        requireOpen();
        beforeEach.run();
        if (forcesFail) {
          throw new ForceFailedException("a simulated file", new IOException("bad sector"));
        }
        forces++;
        content.force();
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("the file is closed");
      }
    }
  }
}
