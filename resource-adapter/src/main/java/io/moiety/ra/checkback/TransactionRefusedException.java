package io.moiety.ra.checkback;

/** Ends the commit of a transaction that cannot be committed, from within the commit. */
public final class TransactionRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TransactionRefusedException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
