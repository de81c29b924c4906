package io.moiety.arquillian.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * An application server that a test starts, kills and starts again. Used by one thread, except for
 * {@link #kill}.
 */
public interface TestServer extends AutoCloseable {

  /**
   * Lays the directory and starts; returns when the archives are deployed.
   *
   * @throws AssertionError when it does not come up, with the end of what it printed
   */
  static TestServer start(ServerKind kind, ServerSetup setup) throws IOException {
    return switch (kind) {
      case WILDFLY -> WildFlyServer.start(setup);
      case PAYARA -> PayaraServer.start(setup);
    };
  }

  /** Starts again after the process has died; everything in the directory is as it was. */
  void restart() throws IOException;

  /** With SIGKILL. Returns when the process is gone. Any thread. */
  void kill() throws InterruptedException;

  /** Waits until the process has been killed. */
  void awaitDeath() throws InterruptedException;

  /**
   * Has the server look for transactions in doubt, where it does not do so by itself every few
   * seconds.
   */
  void recover() throws IOException;

  /** Deploys one more archive, until the process ends; returns when it is there. */
  void deploy(Path archive) throws IOException;

  /** Undeploys an archive that {@link #deploy} has deployed; returns when it is gone. */
  void undeploy(Path archive) throws IOException;

  /** Of the JVM that runs the applications. */
  long pid();

  /** Where the applications answer, with a slash at the end. */
  URI root();

  /** The end of what the server printed, for a failing test. */
  String tail();

  /** Kills it; closed twice without harm. */
  @Override
  void close();
}
