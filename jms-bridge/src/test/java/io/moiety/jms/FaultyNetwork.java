package io.moiety.jms;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A network between clients and a broker that can be bad: it cuts connections, also in the middle
 * of a frame, half-closes them, lets them hang without a word, delays, and lets answers overtake
 * each other. Two threads for each connection.
 */
final class FaultyNetwork implements AutoCloseable {

  /** How long an answer that others may overtake is held back at most. */
  private static final int HOLD_MILLIS = 3;

  private static final long SHORTEST_LIFE_BYTES = 1_500;

  /** In shortest ones. */
  private static final int LONGEST_LIVES = 100;

  private final IntSupplier brokerPort;
  private final ServerSocket listening;
  private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();
  private final AtomicLong requestBytesLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong answerBytesLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong connections = new AtomicLong();
  private final Random random;
  private volatile boolean down;
  private volatile boolean silent;
  private volatile long delayMillis;
  private volatile boolean reordering;
  private volatile boolean breaking;

  private FaultyNetwork(IntSupplier brokerPort, long seed) throws IOException {
    this.brokerPort = brokerPort;
    random = new Random(seed);
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /**
   * @param seed of the order of answers
   */
  static FaultyNetwork before(IntSupplier brokerPort, long seed) {
    try {
      FaultyNetwork network = new FaultyNetwork(brokerPort, seed);
      daemon(network::accept);
      return network;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static FaultyNetwork before(EmbeddedBroker broker) {
    return before(broker::port, 1);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** How many connections there were. */
  long connections() {
    return connections.get();
  }

  /** Ends all connections; both sides hear of it. */
  void cut() {
    pipes.forEach(Pipe::cut);
  }

  /** The same when so many more bytes of requests have gone through. */
  void cutAfterRequests(long bytes) {
    requestBytesLeft.set(bytes);
  }

  /** The same when so many more bytes of answers have gone through. */
  void cutAfterAnswers(long bytes) {
    answerBytesLeft.set(bytes);
  }

  /** The broker hears that nothing more comes, the clients hear nothing. */
  void halfClose() {
    pipes.forEach(Pipe::halfClose);
  }

  /** All connections hang for good: nobody hears of anything. New ones work. */
  void hang() {
    pipes.forEach(Pipe::hang);
  }

  /** The clients hear that their connections are gone, the broker hears nothing. */
  void cutClients() {
    pipes.forEach(Pipe::cutClient);
  }

  /** Nobody comes through any more, or again. */
  void down(boolean isDown) {
    down = isDown;
    if (isDown) {
      cut();
    }
  }

  /** New connections hang too. */
  void silent(boolean isSilent) {
    silent = isSilent;
    if (isSilent) {
      hang();
    }
  }

  void delay(long millis) {
    delayMillis = millis;
  }

  /** Answers overtake each other, as those of a broker with several threads may. */
  void reorder(boolean isReordering) {
    reordering = isReordering;
  }

  /** From now on each connection ends after a while, in one way or another. */
  void breakConnections() {
    breaking = true;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (down) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException refused) {
        // The network is closed, or the broker is not there: the client tries again, or gives up.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket broker;
    try {
      broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort.getAsInt());
    } catch (IOException absent) {
      client.close();
      throw absent;
    }
    client.setTcpNoDelay(true);
    broker.setTcpNoDelay(true);
    connections.incrementAndGet();
    Pipe pipe = new Pipe(client, broker);
    pipes.add(pipe);
    if (silent) {
      pipe.hang();
    }
    daemon(pipe::requests);
    daemon(pipe::answers);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "faulty-network");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }

  /** One connection. */
  private final class Pipe {

    private final Socket client;
    private final Socket broker;
    private final AtomicLong lifeBytes;
    private volatile boolean hanging;
    private volatile boolean clientGone;

    Pipe(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
      lifeBytes = new AtomicLong(breaking ? life() : Long.MAX_VALUE);
    }

    void requests() {
      byte[] buffer = new byte[8 * 1024];
      try {
        OutputStream out = broker.getOutputStream();
        for (int read = client.getInputStream().read(buffer);
            read >= 0;
            read = client.getInputStream().read(buffer)) {
          pass(buffer, read, out, requestBytesLeft);
        }
        cut();
      } catch (IOException ended) {
        cut();
      }
    }

    void answers() {
      try {
        DataInputStream in = new DataInputStream(broker.getInputStream());
        OutputStream out = client.getOutputStream();
        List<byte[]> held = new ArrayList<>();
        while (true) {
          byte[] frame = frame(in, held.isEmpty() ? 0 : HOLD_MILLIS);
          if (frame.length > 0) {
            held.add(frame);
          }
          boolean hold = reordering && frame.length > 0 && held.size() < 8 && chance();
          if (!hold) {
            shuffle(held);
            for (byte[] one : held) {
              pass(one, one.length, out, answerBytesLeft);
            }
            held.clear();
          }
        }
      } catch (IOException ended) {
        cut();
      }
    }

    /** The next frame; empty when none came in time. */
    private byte[] frame(DataInputStream in, int waitMillis) throws IOException {
      broker.setSoTimeout(waitMillis);
      int first;
      try {
        first = in.read();
      } catch (SocketTimeoutException nothing) {
        return new byte[0];
      }
      if (first < 0) {
        throw new EOFException("The broker closed the connection");
      }
      broker.setSoTimeout(0);
      int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
      byte[] frame = new byte[Integer.BYTES + length];
      ByteBuffer.wrap(frame).putInt(length);
      in.readFully(frame, Integer.BYTES, length);
      return frame;
    }

    private void pass(byte[] bytes, int length, OutputStream out, AtomicLong left)
        throws IOException {
      if (delayMillis > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delayMillis));
      }
      if (hanging) {
        return;
      }
      if (lifeBytes.addAndGet(-length) < 0) {
        out.write(bytes, 0, length / 2);
        end();
        return;
      }
      long before = left.get();
      if (before == Long.MAX_VALUE) {
        out.write(bytes, 0, length);
        return;
      }
      int passed = (int) Math.min(length, Math.max(0, before));
      out.write(bytes, 0, passed);
      if (left.addAndGet(-length) <= 0) {
        left.set(Long.MAX_VALUE);
        FaultyNetwork.this.cut();
      }
    }

    private void end() {
      switch (random(4)) {
        case 0 -> halfClose();
        case 1 -> cutClient();
        default -> cut();
      }
    }

    void halfClose() {
      try {
        broker.shutdownOutput();
      } catch (IOException alreadyClosed) {
        cut();
      }
    }

    /** The broker's side is left to whoever closes the network. */
    void cutClient() {
      hanging = true;
      clientGone = true;
      close(client);
    }

    void hang() {
      hanging = true;
    }

    void cut() {
      if (!clientGone || listening.isClosed()) {
        pipes.remove(this);
        close(client);
        close(broker);
      }
    }

    /** With a reset, and whatever is on its way is gone. */
    private void close(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException alreadyClosed) {
        pipes.remove(this);
      }
    }
  }

  /** Mostly short, but at least as long as a connection takes to be made. */
  private long life() {
    return (long) (SHORTEST_LIFE_BYTES * Math.pow(LONGEST_LIVES, random(1_000) / 1_000.0));
  }

  private synchronized int random(int bound) {
    return random.nextInt(bound);
  }

  private synchronized boolean chance() {
    return random.nextBoolean();
  }

  private synchronized void shuffle(List<byte[]> frames) {
    Collections.shuffle(frames, random);
  }
}
