package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * RocketMQ's {@code mqadmin}, as a person runs it: a JVM of its own for each command. It is of the
 * release that the tests run with.
 */
record MqAdmin(String nameServerAddress) {

  private static final long LIMIT_SECONDS = 90;

  /** What a command prints, without what the tool's own logging says as it starts. */
  String run(List<String> arguments) throws IOException, InterruptedException {
    Path directory = Settings.newDirectory("mqadmin-");
    Path output = directory.resolve("printed.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=" + directory,
            "-Drocketmq.client.logRoot=" + directory,
            "-Drocketmq.namesrv.addr=" + nameServerAddress,
            "-cp",
            System.getProperty("java.class.path"),
            "org.apache.rocketmq.tools.command.MQAdminStartup"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ROCKETMQ_HOME", directory.toString());
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(
          arguments + " did not end; it printed:\n" + Files.readString(output, UTF_8));
    }
    String printed = Files.readString(output, UTF_8);
    Settings.deleteDirectory(directory);
    return printed;
  }
}
