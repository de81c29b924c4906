package io.moiety.broker.config;

import static java.util.Locale.ROOT;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Who is let in, and over what.
 *
 * @param tls absent when the port speaks plain only
 * @param accessFile the users and what they may do; absent when everybody may do everything
 */
public record SecurityConfig(Optional<TlsConfig> tls, Optional<Path> accessFile) {

  private static final String ACCESS_FILE = "accessFile";
  private static final String DISABLED = "disabled";

  static SecurityConfig read(PropertyReader reader) {
    return new SecurityConfig(tls(reader), accessFile(reader));
  }

  void describe(Map<String, Object> values) {
    values.put(TlsConfig.MODE, tls.map(one -> lowerCase(one.mode())).orElse(DISABLED));
    tls.ifPresent(
        one -> {
          values.put(TlsConfig.CERTIFICATE, one.certificateFile());
          values.put(TlsConfig.KEY, one.keyFile());
          values.put(TlsConfig.CLIENT_CERTIFICATES, lowerCase(one.clientCertificates()));
          one.trustFile().ifPresent(file -> values.put(TlsConfig.TRUST, file));
        });
    accessFile.ifPresent(file -> values.put(ACCESS_FILE, file));
  }

  private static Optional<TlsConfig> tls(PropertyReader reader) {
    Optional<Path> certificate = file(reader, TlsConfig.CERTIFICATE);
    Optional<Path> key = file(reader, TlsConfig.KEY);
    Optional<Secret> password = reader.text(TlsConfig.KEY_PASSWORD).map(Secret::new);
    Optional<Path> trust = file(reader, TlsConfig.TRUST);
    ClientCertificates clients =
        reader.lowerCaseChoice(TlsConfig.CLIENT_CERTIFICATES, ClientCertificates.NONE);
    if (clients != ClientCertificates.NONE && trust.isEmpty()) {
      throw new ConfigException(
          TlsConfig.CLIENT_CERTIFICATES,
          lowerCase(clients),
          "none, or " + TlsConfig.TRUST + " with the issuers of clients' certificates");
    }
    if (reader.is(TlsConfig.MODE, DISABLED)) {
      return Optional.empty();
    }
    Optional<TlsMode> mode = mode(reader, certificate.isPresent());
    if (mode.isEmpty()) {
      refuseWithoutCertificate(TlsConfig.KEY, key);
      refuseWithoutCertificate(TlsConfig.TRUST, trust);
    }
    if (clients == ClientCertificates.REQUIRE && mode.equals(Optional.of(TlsMode.PERMISSIVE))) {
      throw new ConfigException(
          TlsConfig.CLIENT_CERTIFICATES,
          lowerCase(clients),
          "none, optional, or "
              + TlsConfig.MODE
              + "=enforcing with it: a permissive port lets plain clients in without a"
              + " certificate");
    }
    return mode.map(
        how -> {
          Path chain = certificate.orElseThrow();
          return new TlsConfig(how, chain, key.orElse(chain), password, clients, trust);
        });
  }

  private static Optional<TlsMode> mode(PropertyReader reader, boolean certificate) {
    boolean chosen = reader.has(TlsConfig.MODE);
    TlsMode mode = reader.lowerCaseChoice(TlsConfig.MODE, TlsMode.PERMISSIVE, DISABLED);
    if (chosen && !certificate) {
      throw new ConfigException(
          TlsConfig.MODE,
          lowerCase(mode),
          DISABLED + ", or " + TlsConfig.CERTIFICATE + " with the broker's certificate");
    }
    return certificate ? Optional.of(mode) : Optional.empty();
  }

  /** Who names a file for TLS is not to get a plain port. */
  private static void refuseWithoutCertificate(String key, Optional<Path> file) {
    file.ifPresent(
        named -> {
          throw new ConfigException(
              key,
              named.toString(),
              "only with "
                  + TlsConfig.CERTIFICATE
                  + ", the broker's certificate, or with "
                  + TlsConfig.MODE
                  + "="
                  + DISABLED);
        });
  }

  /** Nobody who asks for access control under one of RocketMQ's names is to go without. */
  private static Optional<Path> accessFile(PropertyReader reader) {
    Optional<Path> file = file(reader, ACCESS_FILE);
    for (String asked :
        new String[] {"authenticationEnabled", "authorizationEnabled", "aclEnable"}) {
      if (reader.flag(asked, file.isPresent()) != file.isPresent()) {
        throw file.isPresent()
            ? new ConfigException(
                asked, "false", "true; without accessFile everybody may do everything")
            : new ConfigException(asked, "true", "false, or accessFile with the users");
      }
    }
    return file;
  }

  private static Optional<Path> file(PropertyReader reader, String key) {
    return reader.text(key).map(text -> Path.of(text).toAbsolutePath().normalize());
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(ROOT);
  }
}
