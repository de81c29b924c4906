package io.moiety.arquillian.redeploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a JVM holds after a full collection. Immutable.
 *
 * @param threads how many there are of each name, digits apart
 * @param classLoaders how many there are of each name, or class where they have none
 */
record Leftovers(Map<String, Integer> threads, Map<String, Integer> classLoaders) {

  private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+");

  private static final Pattern CLASS_LOADER =
      Pattern.compile("^[ |]*\\+-- (?:\"([^\"]*)\", )?([\\w.$]+)$");

  /**
   * The JDK's for methods that are called by reflection often, and Payara's monitoring, which
   * leaves some of each application, with or without an adapter.
   */
  private static final Pattern NOBODYS_FAULT =
      Pattern.compile(".*(\\.DelegatingClassLoader|flashlight\\..*\\$SubClassLoader)");

  /** Asks a living JVM by the JDK's own tools. */
  static Leftovers of(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    return new Leftovers(
        countByName(jcmd(pid, "Thread.print"), Leftovers::thread),
        countByName(jcmd(pid, "VM.classloaders", "fold=false"), Leftovers::classLoader));
  }

  /** What there is more of than there was, in words. */
  List<String> classLoadersSince(Leftovers before) {
    return growth("class loaders", before.classLoaders, classLoaders, 0);
  }

  /**
   * What there is more of than there was, in words.
   *
   * @param slack how many more of one kind are no finding
   */
  List<String> threadsSince(Leftovers before, int slack) {
    return growth("threads", before.threads, threads, slack);
  }

  /** Threads that have our name, which none may have when we are undeployed. */
  List<String> threadsNamed(String part) {
    return named(threads, part);
  }

  /** Class loaders with that in their name, where the server gives them one. */
  List<String> classLoadersNamed(String part) {
    return named(classLoaders, part);
  }

  private static List<String> named(Map<String, Integer> counts, String part) {
    return counts.keySet().stream().filter(name -> name.contains(part)).toList();
  }

  static List<String> growth(
      String what, Map<String, Integer> before, Map<String, Integer> now, int slack) {
    return now.entrySet().stream()
        .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0) + slack)
        .map(
            entry ->
                "%s %s: %d before, %d now"
                    .formatted(
                        what,
                        entry.getKey(),
                        before.getOrDefault(entry.getKey(), 0),
                        entry.getValue()))
        .toList();
  }

  private static String thread(String line) {
    Matcher thread = THREAD.matcher(line);
    return thread.find() ? thread.group(1).replaceAll("[0-9a-f]{8,}|\\d+", "N") : "";
  }

  private static String classLoader(String line) {
    Matcher loader = CLASS_LOADER.matcher(line);
    if (!loader.find() || NOBODYS_FAULT.matcher(loader.group(2)).matches()) {
      return "";
    }
    return loader.group(1) == null ? loader.group(2) : loader.group(1);
  }

  private static Map<String, Integer> countByName(String text, Function<String, String> name) {
    return text.lines()
        .map(name)
        .filter(found -> !found.isEmpty())
        .collect(Collectors.toMap(found -> found, found -> 1, Integer::sum, TreeMap::new));
  }

  private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(Long.toString(pid));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", line) + ": " + printed);
    }
    return printed;
  }
}
