package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.XaFailure;
import io.moiety.protocol.ResponseCode;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/**
 * The one place where failures become {@link XAException}s. A transaction manager acts on the code:
 * a rollback code says for certain that nothing of the branch happened, XAER_NOTA that it is done
 * with. So whatever is not certain is XAER_RMFAIL, after which the manager asks again. Stateless.
 */
final class XaExceptions {

  private XaExceptions() {}

  static boolean isRollback(int code) {
    return code >= XAException.XA_RBBASE && code <= XAException.XA_RBEND;
  }

  /**
   * What to throw for a step that failed.
   *
   * @param step its name, as "prepare"
   */
  static XAException of(String step, Xid xid, Throwable failure) {
    Throwable cause = JmsExceptions.unwrap(failure);
    if (cause instanceof XAException already) {
      return already;
    }
    return exception(
        code(cause), step + " of branch " + xid + " failed: " + cause.getMessage(), cause);
  }

  private static int code(Throwable cause) {
    if (cause instanceof XaFailure failure) {
      return failure.xaError();
    }
    if (cause instanceof BrokerException refused && saysNothingHappened(refused.code())) {
      return XAException.XAER_RMERR;
    }
    return XAException.XAER_RMFAIL;
  }

  /** Refusals of the request itself, before anything of it was done; the branch is as it was. */
  private static boolean saysNothingHappened(int code) {
    return code == ResponseCode.NO_PERMISSION
        || code == ResponseCode.SYSTEM_BUSY
        || code == ResponseCode.INVALID_PARAMETER
        || code == ResponseCode.REQUEST_CODE_NOT_SUPPORTED;
  }

  /** True when the broker may have acted although no answer says so. */
  static boolean isUncertain(Throwable failure) {
    return !(JmsExceptions.unwrap(failure) instanceof XaFailure);
  }

  /**
   * What to throw for a question about a completion that brought no answer. Never XAER_RMERR, which
   * tells a manager that the branch was rolled back, where the broker only refused the question.
   */
  static XAException unknownOutcome(String step, Xid xid, Throwable failure) {
    Throwable cause = JmsExceptions.unwrap(failure);
    return exception(
        XAException.XAER_RMFAIL,
        step + " of branch " + xid + " has an unknown outcome: " + cause.getMessage(),
        cause);
  }

  static XAException exception(int code, String message) {
    XAException exception = new XAException(message);
    exception.errorCode = code;
    return exception;
  }

  static XAException exception(int code, String message, Throwable cause) {
    XAException exception = exception(code, message);
    exception.initCause(cause);
    return exception;
  }

  /** A call in a state that XA does not have it in. */
  static XAException protocol(String message) {
    return exception(XAException.XAER_PROTO, message);
  }
}
