package io.moiety.ra.connection;

import jakarta.resource.spi.ConfigProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;

/**
 * The properties by which the resource adapter, a connection factory or a message-driven bean says
 * how to connect. What the latter two leave out is the resource adapter's.
 *
 * <p>A bean: set by one thread, before it is used.
 */
public abstract class BrokerProperties implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int MAX_TIMEOUT_MILLIS = 86_400_000;
  private static final String TIMEOUT_ALLOWED = "allowed: 0..86400000";

  @ConfigProperty(
      description =
          "Where brokers run, as host:port separated by commas, tried in turn. Empty: connection"
              + " factories and beans use the resource adapter's; the resource adapter starts a"
              + " broker inside this server.")
  @Pattern(
      regexp = "\\s*|[^\\s,;]+(\\s*[,;]\\s*[^\\s,;]+)*\\s*",
      message = "allowed: host:port, several separated by commas")
  private String addresses = "";

  @ConfigProperty(
      description =
          "Who connects, when neither container nor application says so. Empty: the resource"
              + " adapter's user; there, nobody in particular.")
  private String user = "";

  @ConfigProperty(description = "The user's password.", confidential = true)
  private String password = "";

  @ConfigProperty(
      description =
          "Whether to speak TLS. Goes with addresses: connection factories and beans without"
              + " addresses of their own use the resource adapter's.")
  private Boolean tls = false;

  @ConfigProperty(
      description =
          "Who may issue the broker's certificate: a PEM file or a key store. Empty: those whom the"
              + " JDK trusts.")
  private String tlsTrustFile = "";

  @ConfigProperty(
      description = "The password of tlsTrustFile, when it is a key store.",
      confidential = true)
  private String tlsTrustPassword = "";

  @ConfigProperty(
      description =
          "A key store with an own certificate and its key, for brokers that ask for one. Empty:"
              + " none.")
  private String tlsKeyStore = "";

  @ConfigProperty(description = "The password of tlsKeyStore.", confidential = true)
  private String tlsKeyStorePassword = "";

  @ConfigProperty(
      description = "Whether the broker's certificate must be for the host that is connected to.")
  private Boolean tlsVerifyHostName = true;

  @ConfigProperty(
      description =
          "How long each address is tried, in milliseconds. 0: as long as the resource adapter"
              + " says.")
  @Min(value = 0, message = TIMEOUT_ALLOWED)
  @Max(value = MAX_TIMEOUT_MILLIS, message = TIMEOUT_ALLOWED)
  private Long connectTimeoutMillis;

  @ConfigProperty(
      description =
          "How long any answer of the broker is waited for, in milliseconds. 0: as long as the"
              + " resource adapter says.")
  @Min(value = 0, message = TIMEOUT_ALLOWED)
  @Max(value = MAX_TIMEOUT_MILLIS, message = TIMEOUT_ALLOWED)
  private Long requestTimeoutMillis;

  protected BrokerProperties(long connectTimeoutMillis, long requestTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.requestTimeoutMillis = requestTimeoutMillis;
  }

  public String getAddresses() {
    return addresses;
  }

  public void setAddresses(String addresses) {
    this.addresses = addresses.trim();
  }

  public String getUser() {
    return user;
  }

  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  /** Never logged. */
  public void setPassword(String password) {
    this.password = password;
  }

  public Boolean getTls() {
    return tls;
  }

  public void setTls(Boolean tls) {
    this.tls = tls;
  }

  public String getTlsTrustFile() {
    return tlsTrustFile;
  }

  public void setTlsTrustFile(String tlsTrustFile) {
    this.tlsTrustFile = tlsTrustFile.trim();
  }

  public String getTlsTrustPassword() {
    return tlsTrustPassword;
  }

  /** Never logged. */
  public void setTlsTrustPassword(String tlsTrustPassword) {
    this.tlsTrustPassword = tlsTrustPassword;
  }

  public String getTlsKeyStore() {
    return tlsKeyStore;
  }

  public void setTlsKeyStore(String tlsKeyStore) {
    this.tlsKeyStore = tlsKeyStore.trim();
  }

  public String getTlsKeyStorePassword() {
    return tlsKeyStorePassword;
  }

  /** Never logged. */
  public void setTlsKeyStorePassword(String tlsKeyStorePassword) {
    this.tlsKeyStorePassword = tlsKeyStorePassword;
  }

  public Boolean getTlsVerifyHostName() {
    return tlsVerifyHostName;
  }

  public void setTlsVerifyHostName(Boolean tlsVerifyHostName) {
    this.tlsVerifyHostName = tlsVerifyHostName;
  }

  public Long getConnectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  public void setConnectTimeoutMillis(Long connectTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  public Long getRequestTimeoutMillis() {
    return requestTimeoutMillis;
  }

  public void setRequestTimeoutMillis(Long requestTimeoutMillis) {
    this.requestTimeoutMillis = requestTimeoutMillis;
  }

  protected final ConnectionOptions options() {
    return new ConnectionOptions(
        addresses,
        user,
        password,
        new TlsOptions(
            tls,
            tlsTrustFile,
            tlsTrustPassword,
            tlsKeyStore,
            tlsKeyStorePassword,
            tlsVerifyHostName),
        connectTimeoutMillis,
        requestTimeoutMillis);
  }

  protected final void checkConnection(Faults faults) {
    faults.requireAddresses("addresses", addresses);
    faults.requireRange("connectTimeoutMillis", connectTimeoutMillis, 0, MAX_TIMEOUT_MILLIS);
    faults.requireRange("requestTimeoutMillis", requestTimeoutMillis, 0, MAX_TIMEOUT_MILLIS);
    faults.requireBoth("user", user, "password", password);
    if (tlsTrustFile.isEmpty() && !tlsTrustPassword.isEmpty()) {
      faults.add("tlsTrustPassword is set and tlsTrustFile is not; set both, or none");
    }
    if (tlsKeyStore.isEmpty() && !tlsKeyStorePassword.isEmpty()) {
      faults.add("tlsKeyStorePassword is set and tlsKeyStore is not; set both, or none");
    }
    if (!tls && !(tlsTrustFile.isEmpty() && tlsKeyStore.isEmpty())) {
      faults.add("tlsTrustFile or tlsKeyStore is set and tls = false; set tls = true");
    }
  }

  /** For who may leave the broker to the resource adapter. */
  protected final void checkOwnBroker(Faults faults) {
    if (tls && addresses.isEmpty()) {
      faults.add(
          "tls = true needs addresses: without them the resource adapter's broker is used, as the"
              + " resource adapter says");
    }
  }
}
