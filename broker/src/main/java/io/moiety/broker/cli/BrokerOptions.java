package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.client.Administration;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.ClientException;
import io.moiety.client.ClientTls;
import io.moiety.client.Credentials;
import io.moiety.client.MoietyClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which broker a command asks, and as whom. */
final class BrokerOptions {
  private static final int DEFAULT_PORT = 10_911;

  @Option(
      names = {"-b", "--broker"},
      paramLabel = "HOST:PORT",
      description = "The broker that is asked; ${DEFAULT-VALUE} without it.")
  private String broker = "127.0.0.1:" + DEFAULT_PORT;

  @Option(
      names = "--access-key",
      paramLabel = "USER",
      description = "Who asks, where the broker knows its users.")
  private @Nullable String accessKey;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "File whose first line is the user's secret key.")
  private @Nullable Path secretKeyFile;

  @Option(names = "--tls", description = "Speak TLS.")
  private boolean tls;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "PEM file of who may issue the broker's certificate; implies --tls.")
  private @Nullable Path trust;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long an answer may take; ${DEFAULT-VALUE} without it.")
  private int timeoutSeconds = 15;

  /** What is asked over the connection. */
  @FunctionalInterface
  interface Question<T> {
    CompletableFuture<T> ask(Administration administration);
  }

  /** A connection that is open while the command runs. */
  static final class Asking implements AutoCloseable {
    private final MoietyClient client;

    private Asking(MoietyClient client) {
      this.client = client;
    }

    <T> T ask(Question<T> question) throws InterruptedException {
      return await(question.ask(client.administration()));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /**
   * Connects.
   *
   * @throws ClientException when the broker cannot be reached
   * @throws ParameterException when the options cannot be used
   */
  Asking connect() throws IOException, InterruptedException {
    ClientConfig config;
    try {
      config = config();
    } catch (IllegalArgumentException unusable) {
      throw new ParameterException(
          command.commandLine(), String.valueOf(unusable.getMessage()), unusable);
    }
    return new Asking(await(MoietyClient.connect(config, ClientEvents.IGNORED)));
  }

  private ClientConfig config() throws IOException {
    ClientConfig.Builder config =
        ClientConfig.builder()
            .addresses(broker)
            .clientId("moiety-cli@" + ProcessHandle.current().pid())
            .requestTimeout(Duration.ofSeconds(timeoutSeconds));
    if (accessKey != null) {
      config.credentials(new Credentials(accessKey, secretKey()));
    }
    if (tls || trust != null) {
      ClientTls.Builder builder = ClientTls.builder();
      if (trust != null) {
        builder.trust(trust, "");
      }
      config.tls(builder.load());
    }
    return config.build();
  }

  private String secretKey() throws IOException {
    if (secretKeyFile == null) {
      throw new IllegalArgumentException("--access-key needs --secret-key-file");
    }
    return Files.readString(secretKeyFile, UTF_8).lines().findFirst().orElse("").strip();
  }

  private static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ClientException refused) {
        throw refused;
      }
      throw new IllegalStateException("the answer could not be used", failed.getCause());
    }
  }
}
