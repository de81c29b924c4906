package io.moiety.broker.server;

import io.moiety.broker.access.AccessControl;
import io.moiety.broker.config.SecurityConfig;
import io.moiety.broker.reload.ReloadThread;
import io.moiety.broker.reload.Reloadable;
import io.moiety.broker.tls.ServerTls;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What decides who is let in.
 *
 * @param tls absent when the port speaks plain only
 * @param access absent when everybody may do everything
 */
public record Security(Optional<ServerTls> tls, Optional<AccessControl> access) {

  /**
   * Reads the files.
   *
   * @throws io.moiety.broker.config.ConfigException when one cannot be used
   */
  public static Security open(SecurityConfig config) {
    return new Security(
        config.tls().map(ServerTls::open), config.accessFile().map(AccessControl::open));
  }

  /** Nobody is kept out. */
  static Security none() {
    return new Security(Optional.empty(), Optional.empty());
  }

  /** Follows changes of the files until what it returns is closed. */
  public ReloadThread follow() {
    List<Reloadable> followed =
        Stream.<Optional<? extends Reloadable>>of(tls, access)
            .<Reloadable>flatMap(Optional::stream)
            .toList();
    return ReloadThread.start(followed);
  }
}
