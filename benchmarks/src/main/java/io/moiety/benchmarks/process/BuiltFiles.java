package io.moiety.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the build lays what a run with processes of its own needs, seen from {@code
 * benchmarks/target/benchmarks.jar}.
 *
 * @param loadJar this module's classes without any library, for the class path of a peer's client
 * @param rocketMq a directory of jars
 * @param artemis another
 */
public record BuiltFiles(
    Path benchmarksJar, Path loadJar, Path moietyJar, Path rocketMq, Path artemis) {

  /**
   * The files of the build that this class is of.
   *
   * @throws IOException when it was not loaded from a build's jar
   */
  public static BuiltFiles ofThisBuild() throws IOException {
    Path jar = location();
    Path target = jar.getParent();
    if (target == null || !Files.isRegularFile(jar)) {
      throw new IOException("run this from benchmarks.jar; these classes lie in " + jar);
    }
    return new BuiltFiles(
        jar,
        loadJar(target),
        target.resolve("../../broker/target/moiety.jar").normalize(),
        target.resolveSibling("peers/target/rocketmq"),
        target.resolveSibling("artemis/target/artemis"));
  }

  /** The class path of load through a peer's own client. */
  public String loadWith(Path jars) {
    return loadJar + File.pathSeparator + jars.resolve("*");
  }

  private static Path loadJar(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(
              file ->
                  file.getFileName()
                      .toString()
                      .matches("moiety-benchmarks-[^-]*(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no moiety-benchmarks-VERSION.jar in " + target));
    }
  }

  private static Path location() throws IOException {
    try {
      return Path.of(BuiltFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the place of these classes is no file", e);
    }
  }
}
