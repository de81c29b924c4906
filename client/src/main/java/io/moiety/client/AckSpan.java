package io.moiety.client;

/**
 * Neighbouring deliveries of one consumer that are acknowledged together; both offsets belong to
 * it.
 */
public record AckSpan(int consumer, int queueId, long firstOffset, long lastOffset) {

  public AckSpan {
    if (firstOffset < 0 || lastOffset < firstOffset) {
      throw new IllegalArgumentException(
          "Acknowledged offsets "
              + firstOffset
              + ".."
              + lastOffset
              + " of queue "
              + queueId
              + " are not a span");
    }
  }

  public static AckSpan of(Delivery delivery) {
    return new AckSpan(
        delivery.consumer(), delivery.queueId(), delivery.queueOffset(), delivery.queueOffset());
  }

  String toText() {
    String start = consumer + ":" + queueId + ":" + firstOffset;
    return firstOffset == lastOffset ? start : start + "-" + lastOffset;
  }
}
