package io.moiety.broker.server;

import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;

/**
 * The one answer to one request. May be sent by any thread; a second answer is a bug, which is
 * logged and not sent. Answers to one-way requests are dropped.
 */
public interface Reply {

  /** What is answered. */
  Command request();

  void send(Command response);

  /**
   * What the sender may do. Only for requests that name a message or a branch by its place; of the
   * others this was seen to before.
   */
  default Rights rights() {
    return Rights.ALL;
  }

  default void success(Fields fields) {
    send(Command.response(request(), ResponseCode.SUCCESS, null, fields));
  }

  default void success(Fields fields, ByteBuffer body) {
    send(Command.response(request(), ResponseCode.SUCCESS, null, fields, body));
  }

  /**
   * Refuses.
   *
   * @param remark what happened and what to do, for the log of the client
   */
  default void fail(int code, String remark) {
    send(Command.response(request(), code, remark, Fields.empty()));
  }

  /** Refuses with the code and the text that {@link Failures} has for the cause. */
  default void fail(Throwable cause) {
    send(Failures.response(request(), cause));
  }
}
