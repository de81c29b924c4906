package io.moiety.jms;

import jakarta.jms.JMSException;
import java.util.List;

/** Calls that have to fail where no test can throw: in listeners. */
final class RefusedCalls {

  private RefusedCalls() {}

  interface Call {
    void run() throws JMSException;
  }

  /** Keeps how it was refused, if it was. */
  static void add(Call call, List<Exception> refused) {
    try {
      call.run();
    } catch (JMSException refusal) {
      refused.add(refusal);
    }
  }
}
