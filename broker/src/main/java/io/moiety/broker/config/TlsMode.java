package io.moiety.broker.config;

/** What is spoken on the broker's port when it has a certificate. */
public enum TlsMode {
  /** TLS with who begins with it, plain with the others. */
  PERMISSIVE,
  /** TLS only. */
  ENFORCING
}
