package io.moiety.arquillian.orders;

/** How row and message are kept together: with which configuration of the server. */
public enum Mode {
  XA("xa"),
  CHECK_BACK("check-back");

  private final String configuration;

  Mode(String configuration) {
    this.configuration = configuration;
  }

  /** The name of the servers' configurations. */
  public String configuration() {
    return configuration;
  }
}
