package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.client.BrokerException;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.ResponseCode;
import java.util.concurrent.TimeoutException;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;

class XaExceptionsTest {

  private static final BranchXid XID = new BranchXid(1, new byte[] {1}, new byte[] {1});

  private static int codeOf(Throwable failure) {
    return XaExceptions.of("start", XID, failure).errorCode;
  }

  @Test
  void brokerThatIsTooBusyToBeginDidNothing() {
    assertThat(codeOf(new BrokerException(ResponseCode.SYSTEM_BUSY, "too many requests wait")))
        .isEqualTo(XAException.XAER_RMERR);
  }

  @Test
  void withoutAnAnswerNothingIsCertain() {
    assertThat(codeOf(new TimeoutException("no answer"))).isEqualTo(XAException.XAER_RMFAIL);
    assertThat(codeOf(new BrokerException(ResponseCode.SYSTEM_ERROR, "disk")))
        .isEqualTo(XAException.XAER_RMFAIL);
  }
}
