package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BrokerException;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.ResourceAllocationException;
import org.junit.jupiter.api.Test;

class TemporaryDestinationsTest {

  private final FakeLink link = new FakeLink();
  private final TemporaryDestinations temporaries =
      new TemporaryDestinations(link, new TopicCache(link), new ActiveSubscriptions());

  @Test
  void refusedDeletionCanBeRepeated() throws Exception {
    JmsTemporaryQueue queue = temporaries.createQueue();
    link.failures.put("deleteTopic", new BrokerException(ResponseCode.SYSTEM_BUSY, "busy"));
    assertThatThrownBy(queue::delete).isInstanceOf(ResourceAllocationException.class);
    link.failures.clear();
    queue.delete();
    assertThat(link.requests).containsSubsequence("deleteTopic", "deleteTopic");
    assertThatThrownBy(queue::delete).isInstanceOf(InvalidDestinationException.class);
  }
}
