package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BrokerException;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.ResourceAllocationException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoverTest {

  private final FakeLink link = new FakeLink();
  private final Deliveries deliveries = new Deliveries(link);

  @BeforeEach
  void refuseAcknowledgements() throws JMSException {
    deliveries.open();
    deliveries.seen(Records.delivery(1, "x", 0));
    link.failures.put("acknowledge", new BrokerException(ResponseCode.SYSTEM_BUSY, "too much"));
  }

  @Test
  void givesBackWhatTheBrokerDidNotLetItAcknowledge() {
    Handover handover =
        new Handover(
            new MessageDecoder(TrustedClasses.parse("")),
            deliveries,
            new NoTransaction(),
            AcknowledgeMode.AUTO,
            JmsMessage.Acknowledgement.NOTHING);
    assertThatThrownBy(() -> handover.taken(Optional.empty()))
        .isInstanceOf(ResourceAllocationException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }

  @Test
  void commitOfReceiptsThatIsRefusedGivesThemBack() {
    LocalTransaction transaction =
        new LocalTransaction(
            link, deliveries, new LostAnswers((name, instance, events) -> null, branch -> {}));
    assertThatThrownBy(transaction::commit).isInstanceOf(ResourceAllocationException.class);
    assertThat(link.requests).endsWith("acknowledge", "recoverSession");
  }
}
