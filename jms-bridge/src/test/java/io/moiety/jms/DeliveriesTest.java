package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.ConnectionLostException;
import jakarta.jms.JMSException;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

  private final FakeLink link = new FakeLink();
  private final Deliveries deliveries = new Deliveries(link);

  @Test
  void acknowledgementWhoseRepetitionALossOvertookThrowsAndTheRestIsAcknowledged()
      throws Exception {
    deliveries.open();
    deliveries.seen(Records.delivery(5, "x", 0));
    link.refuseNext("acknowledge", new ConnectionLostException("no answer", true));
    assertThatThrownBy(deliveries::acknowledge).isInstanceOf(JMSException.class);
    deliveries.seen(Records.delivery(7, "y", 0));
    link.refuseNext("acknowledge", LinkLostException.givenBack());
    assertThatThrownBy(deliveries::acknowledge)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("come again");
    assertThat(link.acknowledged).singleElement().matches(span -> span.firstOffset() == 7);
    assertThatCode(deliveries::acknowledge).doesNotThrowAnyException();
  }
}
