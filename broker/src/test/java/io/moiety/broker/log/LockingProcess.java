package io.moiety.broker.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Optional;

/** Another process that locks a store, says how that went, and waits to be killed. */
final class LockingProcess {

  static final String LOCKED = "locked";
  static final String ADDRESS = "127.0.0.1:4711";

  private LockingProcess() {}

  static Process start(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            LockingProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The one line that the process prints. */
  static String answer(Process process) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    return String.valueOf(reader.readLine());
  }

  public static void main(String[] arguments) throws IOException {
    try {
      StoreLock.acquire(Path.of(arguments[0])).publish(Optional.of(ADDRESS));
      System.out.println(LOCKED);
    } catch (StoreLockedException e) {
      System.out.println(e.getMessage());
    }
    while (System.in.read() >= 0) {
      // Until the parent is gone or kills this process.
    }
  }
}
