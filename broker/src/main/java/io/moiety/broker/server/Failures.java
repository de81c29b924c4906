package io.moiety.broker.server;

import io.moiety.broker.filter.BadFilterException;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ProtocolException;
import io.moiety.protocol.RequestSignature;
import io.moiety.protocol.ResponseCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What a client is told about an exception: the only place that turns causes into codes. */
final class Failures {

  private static final Logger LOG = System.getLogger(Failures.class.getName());

  private static final int MAX_CHARS = 2_000;

  private Failures() {}

  static Command response(Command request, Throwable cause) {
    if (cause instanceof ProtocolException unreadable) {
      return refusal(
          request, ResponseCode.INVALID_PARAMETER, String.valueOf(unreadable.getMessage()));
    }
    if (cause instanceof BadFilterException notUnderstood) {
      return refusal(
          request,
          ResponseCode.SUBSCRIPTION_PARSE_FAILED,
          String.valueOf(notUnderstood.getMessage()));
    }
    if (cause instanceof AppendRefusedException refused) {
      return refusal(request, codeOf(refused.status()), String.valueOf(refused.getMessage()));
    }
    LOG.log(Level.ERROR, "Request " + request.code() + " failed: " + shown(request), cause);
    return refusal(
        request,
        ResponseCode.SYSTEM_ERROR,
        "the broker failed on this request, its log says more: " + cause);
  }

  /** RocketMQ's code for what became of a put. */
  static int codeOf(PutStatus status) {
    return switch (status) {
      case PUT_OK -> ResponseCode.SUCCESS;
      case FLUSH_DISK_TIMEOUT -> ResponseCode.FLUSH_DISK_TIMEOUT;
      case FLUSH_SLAVE_TIMEOUT -> ResponseCode.FLUSH_SLAVE_TIMEOUT;
      case SLAVE_NOT_AVAILABLE -> ResponseCode.SLAVE_NOT_AVAILABLE;
      case MESSAGE_ILLEGAL -> ResponseCode.MESSAGE_ILLEGAL;
      case SERVICE_NOT_AVAILABLE, CREATE_MAPPED_FILE_FAILED -> ResponseCode.SERVICE_NOT_AVAILABLE;
      case OS_PAGE_CACHE_BUSY -> ResponseCode.SYSTEM_BUSY;
      case UNKNOWN_ERROR -> ResponseCode.SYSTEM_ERROR;
    };
  }

  /** Without credentials, cut, and without line ends, which would forge a log. */
  private static String shown(Command request) {
    String fields = RequestSignature.withoutCredentials(request.fields()).toString();
    String cut = fields.length() <= MAX_CHARS ? fields : fields.substring(0, MAX_CHARS) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private static Command refusal(Command request, int code, String remark) {
    return Command.response(request, code, remark, Fields.empty());
  }
}
