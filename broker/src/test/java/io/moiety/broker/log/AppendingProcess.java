package io.moiety.broker.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Another process that appends numbered records as fast as it can, forces them, and prints how far
 * the log is durable, until it is killed.
 */
final class AppendingProcess {

  private AppendingProcess() {}

  static Process start(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static LogConfig config(Path directory) {
    return LogConfig.of(directory)
        .withMaxRecordBytes(64 * 1024)
        .withSegmentSizeBytes(1024 * 1024)
        .withFlushIntervalMillis(60_000);
  }

  public static void main(String[] arguments) {
    LogEvents printing =
        new LogEvents() {
          @Override
          public void durableAdvanced(long durablePosition) {
            System.out.println(durablePosition);
          }

          @Override
          public void failed(Throwable cause) {
            System.out.println(cause);
          }
        };
    try (CommitLog log =
        CommitLog.open(config(Path.of(arguments[0])), LogClock.system(), printing)) {
      long[] next = new long[1];
      log.replay(record -> next[0] = record.queueOffset() + 1);
      Random random = new Random(next[0]);
      while (true) {
        for (int count = random.nextInt(50); count >= 0; count--) {
          PatientAppends.append(log, Drafts.ofSize(next[0]++, 200 + random.nextInt(2_000)));
        }
        log.forceUpTo(log.appendedPosition());
      }
    }
  }
}
