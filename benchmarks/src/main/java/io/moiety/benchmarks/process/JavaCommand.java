package io.moiety.benchmarks.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JVM that is to be started, with the Java of this one.
 *
 * @param name for people
 * @param options of the JVM
 * @param environment added to this process's own
 */
public record JavaCommand(
    String name,
    List<String> options,
    String classPath,
    String mainClass,
    List<String> arguments,
    Map<String, String> environment) {

  private static final String BROKER_MAIN = "io.moiety.broker.cli.Main";

  /** As it is in the environment of this process. */
  public JavaCommand(
      String name,
      List<String> options,
      String classPath,
      String mainClass,
      List<String> arguments) {
    this(name, options, classPath, mainClass, arguments, Map.of());
  }

  /**
   * Moiety's broker.
   *
   * @param classPath {@code moiety.jar}
   * @param config its file of properties
   */
  public static JavaCommand ofBroker(List<String> options, String classPath, Path config) {
    return new JavaCommand(
        "moiety-broker",
        options,
        classPath,
        BROKER_MAIN,
        List.of("broker", "--config", config.toString()));
  }

  /** What is to be executed. */
  public List<String> line() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.addAll(List.of("-cp", classPath, mainClass));
    line.addAll(arguments);
    return line;
  }
}
