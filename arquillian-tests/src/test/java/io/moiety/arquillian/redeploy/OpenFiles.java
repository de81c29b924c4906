package io.moiety.arquillian.redeploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a process has open, its connections among them, as Linux shows them; without those
 * of Payara's transaction log, of which there are the more the more transactions there were.
 *
 * @param toDatabase connections to it, which a server's pool keeps, up to its size
 * @param others how many of each kind, all connections being of one and files of their names'
 */
record OpenFiles(int toDatabase, Map<String, Integer> others) {

  /** In {@code /proc/PID/net/tcp}: address and port of the other side, in hexadecimal digits. */
  private static final int REMOTE = 2;

  private static final int INODE = 9;

  private static final Pattern TRANSACTION_LOG = Pattern.compile(".*/tx/extent\\.\\d+");

  static OpenFiles of(long pid, int databasePort) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> toDatabase = new HashSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      toDatabase.addAll(
          socketsTo(databasePort, Files.readAllLines(process.resolve("net/" + table))));
    }
    int found = 0;
    Map<String, Integer> others = new TreeMap<>();
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String target = target(file);
        if (toDatabase.contains(target)) {
          found++;
        } else if (!TRANSACTION_LOG.matcher(target).matches()) {
          others.merge(target.replaceAll("\\d+", "N"), 1, Integer::sum);
        }
      }
    }
    return new OpenFiles(found, others);
  }

  /**
   * What there is more of than there was, in words.
   *
   * @param slack how many more of one kind are no finding
   */
  List<String> since(OpenFiles before, int slack) {
    return Leftovers.growth("files", before.others, others, slack);
  }

  /** As their files are called. */
  private static Set<String> socketsTo(int port, List<String> table) {
    String remote = ":%04X".formatted(port);
    Set<String> sockets = new HashSet<>();
    for (String line : table) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length > INODE && columns[REMOTE].endsWith(remote)) {
        sockets.add("socket:[" + columns[INODE] + "]");
      }
    }
    return sockets;
  }

  private static String target(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (NoSuchFileException closed) {
      return "closed meanwhile";
    }
  }
}
