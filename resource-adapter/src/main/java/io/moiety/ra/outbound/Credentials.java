package io.moiety.ra.outbound;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is for. Connections are shared and pooled by it.
 *
 * @param user empty for nobody in particular
 */
record Credentials(String user, String password) implements ConnectionRequestInfo {

  /**
   * A container's name for whoever is configured. WildFly recovers nothing without a credential of
   * its own, and one of a user that nobody set up would be refused by a broker that knows its
   * users.
   */
  static final String AS_CONFIGURED = "as-configured";

  /** A null user or password, as applications may pass them, is an empty one. */
  static Credentials of(@Nullable String user, @Nullable String password) {
    return new Credentials(user == null ? "" : user, password == null ? "" : password);
  }

  /**
   * The container's credentials for this factory if it has any, else the application's, else those
   * that were configured.
   */
  static Credentials resolve(
      ManagedConnectionFactory factory,
      @Nullable Subject subject,
      @Nullable ConnectionRequestInfo info,
      Credentials configured) {
    if (subject != null) {
      for (PasswordCredential credential :
          subject.getPrivateCredentials(PasswordCredential.class)) {
        if (factory.equals(credential.getManagedConnectionFactory())) {
          return credential.getUserName().equals(AS_CONFIGURED)
              ? configured
              : new Credentials(credential.getUserName(), String.valueOf(credential.getPassword()));
        }
      }
    }
    return info instanceof Credentials asked && !asked.user.isEmpty() ? asked : configured;
  }

  /**
   * Refuses a user who could not sign anything, and would be nobody in particular at the broker.
   */
  void requirePassword() throws SecurityException {
    if (!user.isEmpty() && password.isEmpty()) {
      throw new SecurityException(
          "A connection for user "
              + user
              + " is wanted without a password; give both, or none for whoever is configured");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
