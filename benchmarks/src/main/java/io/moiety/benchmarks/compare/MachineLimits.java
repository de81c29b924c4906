package io.moiety.benchmarks.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.benchmarks.load.Latencies;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the machine itself can do, measured beside the brokers. */
public final class MachineLimits {

  private static final int SEQUENTIAL_MEBIBYTES = 2048;
  private static final int FORCES = 300;
  private static final int FORCED_BYTES = 4096;
  private static final int ROUND_TRIPS = 20_000;

  private MachineLimits() {}

  /** One line of a table. */
  public record Limit(String name, String value) {}

  /** What it is. */
  static List<Limit> machine(Path directory) throws IOException {
    List<Limit> limits = new ArrayList<>();
    limits.add(new Limit("processor", field(Path.of("/proc/cpuinfo"), "model name")));
    limits.add(new Limit("cores", Integer.toString(Runtime.getRuntime().availableProcessors())));
    limits.add(new Limit("memory", field(Path.of("/proc/meminfo"), "MemTotal")));
    limits.add(
        new Limit(
            "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version")));
    limits.add(
        new Limit(
            "file system",
            Files.getFileStore(directory).type()
                + BlockDevice.under(directory).map(device -> " on " + device.name()).orElse("")));
    limits.add(new Limit("Java", System.getProperty("java.vm.version")));
    return limits;
  }

  /**
   * What it can do now.
   *
   * @param quick a tenth of the sequential write, for trials
   */
  public static List<Limit> measure(Path directory, boolean quick) throws IOException {
    List<Limit> limits = new ArrayList<>();
    limits.add(new Limit("on", LocalDate.now(ZoneId.systemDefault()).toString()));
    limits.add(new Limit("load before", Files.readString(Path.of("/proc/loadavg")).strip()));
    int mebibytes = quick ? SEQUENTIAL_MEBIBYTES / 10 : SEQUENTIAL_MEBIBYTES;
    limits.add(
        new Limit(
            "sequential write of %,d MiB".formatted(mebibytes),
            Row.number(SequentialWrite.mebibytesPerSecond(directory, mebibytes)) + " MiB/s"));
    limits.add(new Limit("fdatasync after 4 KiB written ahead", forces(directory)));
    limits.add(new Limit("loopback round trip, 64 bytes", roundTrips()));
    return limits;
  }

  private static String field(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  /** Into a file whose blocks are there, as a log's are. */
  private static String forces(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "force-", ".bin");
    Latencies latencies = new Latencies();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(FORCES * FORCED_BYTES));
      channel.force(true);
      for (int i = 0; i < FORCES; i++) {
        channel.write(
            ByteBuffer.wrap("x".repeat(FORCED_BYTES).getBytes(US_ASCII)), (long) i * FORCED_BYTES);
        long begin = System.nanoTime();
        channel.force(false);
        latencies.add(System.nanoTime() - begin);
      }
    } finally {
      Files.delete(file);
    }
    return text(latencies);
  }

  private static String roundTrips() throws IOException {
    Latencies latencies = new Latencies();
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread echo = new Thread(() -> echo(listener), "echo");
      echo.setDaemon(true);
      echo.start();
      try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
        socket.setTcpNoDelay(true);
        byte[] message = new byte[64];
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        for (int i = 0; i < ROUND_TRIPS; i++) {
          long begin = System.nanoTime();
          out.write(message);
          in.readFully(message);
          if (i > ROUND_TRIPS / 4) {
            latencies.add(System.nanoTime() - begin);
          }
        }
      }
    }
    return text(latencies);
  }

  private static void echo(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.setTcpNoDelay(true);
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException ended) {
      System.getLogger(MachineLimits.class.getName())
          .log(System.Logger.Level.DEBUG, "the echo ended: " + ended);
    }
  }

  private static String text(Latencies latencies) {
    return String.format(
        Locale.ROOT,
        "p50 %.3f ms, p99 %.3f ms",
        latencies.percentileMillis(50),
        latencies.percentileMillis(99));
  }
}
