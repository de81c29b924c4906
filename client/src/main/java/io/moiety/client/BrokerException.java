package io.moiety.client;

/** The broker answered a request with a refusal. */
public final class BrokerException extends ClientException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String remark;

  /**
   * @param code the response code, one of {@link io.moiety.protocol.ResponseCode}
   * @param remark the broker's reason, empty when it gave none
   */
  public BrokerException(int code, String remark) {
    super(
        "The broker refused the request with code "
            + code
            + ": "
            + (remark.isEmpty() ? "no reason given" : remark));
    this.code = code;
    this.remark = remark;
  }

  public int code() {
    return code;
  }

  public String remark() {
    return remark;
  }
}
