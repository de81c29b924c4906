package io.moiety.broker.config;

/** Whether TLS clients show certificates of their own. */
public enum ClientCertificates {
  NONE,
  /** Who shows one must show a trusted one. */
  OPTIONAL,
  REQUIRE
}
