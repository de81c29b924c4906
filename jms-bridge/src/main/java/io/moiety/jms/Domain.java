package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;

/**
 * Which of the older interfaces a connection or session was made by; those of one domain refuse the
 * other's calls.
 */
enum Domain {
  COMMON,
  QUEUES,
  TOPICS;

  void requireQueues(String call) throws JMSException {
    if (this == TOPICS) {
      throw wrongDomain(call, "TopicConnection or TopicSession");
    }
  }

  void requireTopics(String call) throws JMSException {
    if (this == QUEUES) {
      throw wrongDomain(call, "QueueConnection or QueueSession");
    }
  }

  private static IllegalStateException wrongDomain(String call, String interfaces) {
    return new IllegalStateException(
        call + " is not for a " + interfaces + "; make a Connection or Session, which serves both");
  }
}
