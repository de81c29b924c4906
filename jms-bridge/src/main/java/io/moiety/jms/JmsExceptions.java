package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectFailedException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.RequestLimitException;
import io.moiety.client.RequestTimeoutException;
import io.moiety.client.XaFailure;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where causes become exceptions of Jakarta Messaging, and those of the classic
 * interfaces the ones of the simplified. XA's exceptions are {@link XaExceptions}'. Stateless.
 */
final class JmsExceptions {

  private JmsExceptions() {}

  /**
   * What to throw for a request that failed.
   *
   * @param doing what was tried, to follow "Could not"
   */
  static JMSException of(String doing, Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof JMSException already) {
      return already;
    }
    String message = "Could not " + doing + ": " + reason(cause);
    return caused(typed(message, cause), cause);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof BrokerException refused) {
      return refused.remark().isEmpty()
          ? "the broker refused with code " + refused.code()
          : refused.remark();
    }
    if (cause instanceof ConnectionLostException) {
      return cause.getMessage()
          + "; close this connection and make a new one. What was under way when it was lost may"
          + " have happened";
    }
    if (cause instanceof RequestTimeoutException) {
      return cause.getMessage()
          + "; it may have happened. If the broker is slow rather than gone, raise"
          + " requestTimeoutMillis";
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  private static JMSException typed(String message, Throwable cause) {
    if (cause instanceof BrokerException refused) {
      return refused(message, refused.code());
    }
    if (cause instanceof XaFailure failure) {
      return XaExceptions.isRollback(failure.xaError())
          ? new TransactionRolledBackException(message, Integer.toString(failure.xaError()))
          : new JMSException(message, Integer.toString(failure.xaError()));
    }
    if (cause instanceof RequestLimitException) {
      return new ResourceAllocationException(message);
    }
    if (cause instanceof ConnectFailedException
        && isRefusedWith(ResponseCode.ILLEGAL_OPERATION, cause)) {
      return new InvalidClientIDException(message);
    }
    if (cause instanceof ConnectFailedException
        && isRefusedWith(ResponseCode.NO_PERMISSION, cause)) {
      return new JMSSecurityException(message);
    }
    return new JMSException(message);
  }

  /** A refusal that says nothing about the request: later it may be taken. */
  static boolean isPassing(int code) {
    return switch (code) {
      case ResponseCode.SYSTEM_BUSY,
          ResponseCode.FLOW_CONTROL,
          ResponseCode.SERVICE_NOT_AVAILABLE ->
          true;
      default -> false;
    };
  }

  private static JMSException refused(String message, int code) {
    if (isPassing(code)) {
      return new ResourceAllocationException(message, Integer.toString(code));
    }
    String errorCode = Integer.toString(code);
    return switch (code) {
      case ResponseCode.NO_PERMISSION -> new JMSSecurityException(message, errorCode);
      case ResponseCode.TOPIC_NOT_EXIST, ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST ->
          new InvalidDestinationException(message, errorCode);
      case ResponseCode.SUBSCRIPTION_PARSE_FAILED ->
          new InvalidSelectorException(message, errorCode);
      case ResponseCode.ILLEGAL_OPERATION -> new IllegalStateException(message, errorCode);
      default -> new JMSException(message, errorCode);
    };
  }

  /** A connection whose name is in use, or whose user is none, is refused at its greeting. */
  private static boolean isRefusedWith(int code, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BrokerException refused && refused.code() == code) {
        return true;
      }
    }
    return false;
  }

  static JMSException malformedBody(JmsMessage message, RuntimeException malformed) {
    return caused(
        new MessageFormatException(
            "Message "
                + message.getJMSMessageID()
                + " says that its body is a "
                + message.bodyType().wireName()
                + ", but: "
                + malformed.getMessage()),
        malformed);
  }

  /** Something of another provider, or of the network, that cannot go on. */
  static <E extends JMSException> E caused(E exception, Throwable cause) {
    exception.initCause(cause);
    if (cause instanceof Exception linked) {
      exception.setLinkedException(linked);
    }
    return exception;
  }

  /** The same for the simplified interfaces. */
  static JMSRuntimeException unchecked(JMSException checked) {
    @Nullable String message = checked.getMessage();
    @Nullable String code = checked.getErrorCode();
    if (checked instanceof IllegalStateException) {
      return new IllegalStateRuntimeException(message, code, checked);
    } else if (checked instanceof InvalidClientIDException) {
      return new InvalidClientIDRuntimeException(message, code, checked);
    } else if (checked instanceof InvalidDestinationException) {
      return new InvalidDestinationRuntimeException(message, code, checked);
    } else if (checked instanceof InvalidSelectorException) {
      return new InvalidSelectorRuntimeException(message, code, checked);
    } else if (checked instanceof JMSSecurityException) {
      return new JMSSecurityRuntimeException(message, code, checked);
    } else if (checked instanceof MessageFormatException) {
      return new MessageFormatRuntimeException(message, code, checked);
    } else if (checked instanceof MessageNotWriteableException) {
      return new MessageNotWriteableRuntimeException(message, code, checked);
    } else if (checked instanceof ResourceAllocationException) {
      return new ResourceAllocationRuntimeException(message, code, checked);
    } else if (checked instanceof TransactionInProgressException) {
      return new TransactionInProgressRuntimeException(message, code, checked);
    } else if (checked instanceof TransactionRolledBackException) {
      return new TransactionRolledBackRuntimeException(message, code, checked);
    }
    return new JMSRuntimeException(message, code, checked);
  }

  /** What a future or an executor wrapped. */
  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  static JMSException ofXa(String doing, XAException failure) {
    String message = "Could not " + doing + ": " + failure.getMessage();
    String code = Integer.toString(failure.errorCode);
    return caused(
        XaExceptions.isRollback(failure.errorCode)
            ? new TransactionRolledBackException(message, code)
            : new JMSException(message, code),
        failure);
  }

  /** Work that began in a branch which its transaction manager ended meanwhile. */
  static TransactionRolledBackException branchEnded(String consequence) {
    return new TransactionRolledBackException(
        "The transaction ended meanwhile (was it longer than its timeout?); " + consequence);
  }

  /** A transaction that a lost connection has undone. */
  static TransactionRolledBackException lostTransaction() {
    return new TransactionRolledBackException(
        "The connection to the broker was lost in this transaction, which is rolled back; what was"
            + " received in it comes again. Roll back and repeat it");
  }

  static IllegalStateException closed(String what) {
    return new IllegalStateException("This " + what + " is closed; make a new one", "CLOSED");
  }
}
