package io.moiety.client;

/** The broker answered a step of a transaction branch with an XA error. */
public final class XaFailure extends ClientException {

  private static final long serialVersionUID = 1L;

  private final int xaError;
  private final String remark;

  /**
   * @param xaError the error code as {@link javax.transaction.xa.XAException} defines it
   * @param remark the broker's reason, empty when it gave none
   */
  public XaFailure(int xaError, String remark) {
    super(
        "The broker failed the branch with XA error "
            + xaError
            + ": "
            + (remark.isEmpty() ? "no reason given" : remark));
    this.xaError = xaError;
    this.remark = remark;
  }

  public int xaError() {
    return xaError;
  }

  public String remark() {
    return remark;
  }
}
