package io.moiety.benchmarks.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a JVM through {@code jcmd} how much of its heap is in use. */
final class HeapUse {

  /** {@code garbage-first heap total 262144K, used 98765K}, and the like of other collectors. */
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private static final long LIMIT_SECONDS = 60;

  private HeapUse() {}

  static double mebibytesAfterCollection(Jvm jvm)
      throws IOException, FigureException, InterruptedException {
    jcmd(jvm, "GC.run");
    Matcher used = USED.matcher(jcmd(jvm, "GC.heap_info"));
    double kibibytes = 0;
    while (used.find()) {
      kibibytes += Double.parseDouble(used.group(1));
    }
    if (kibibytes == 0) {
      throw new FigureException("jcmd GC.heap_info does not say what is used");
    }
    return kibibytes / 1024;
  }

  private static String jcmd(Jvm jvm, String command)
      throws IOException, FigureException, InterruptedException {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(tool.toString(), Long.toString(jvm.pid()), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new FigureException("jcmd " + command + " failed: " + said.strip());
    }
    return said;
  }
}
