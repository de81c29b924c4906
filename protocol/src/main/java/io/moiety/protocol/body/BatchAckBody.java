package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.moiety.protocol.MalformedBodyException;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What BATCH_ACK_MESSAGE acknowledges: popped messages, those of one pop together. */
public record BatchAckBody(List<Ack> acks) {

  public BatchAckBody {
    acks = Members.list(acks);
  }

  /**
   * Messages of one queue that were popped together.
   *
   * @param startOffset queue offset of bit 0
   * @param bits which messages: the base64 of what {@link BitSet#toByteArray()} has
   */
  public record Ack(
      @JsonProperty("c") String group,
      @JsonProperty("t") String topic,
      @JsonProperty("q") int queueId,
      @JsonProperty("so") long startOffset,
      @JsonProperty("pt") long popTimeMillis,
      @JsonProperty("b") @Nullable String bits) {

    public Ack {
      Members.required(group, "c");
      Members.required(topic, "t");
    }

    /**
     * The messages, each by its distance from {@link #startOffset()}.
     *
     * @throws MalformedBodyException when the bits are not base64
     */
    public BitSet offsetsFromStart() {
      if (bits == null) {
        return new BitSet();
      }
      try {
        return BitSet.valueOf(Base64.getDecoder().decode(bits));
      } catch (IllegalArgumentException notBase64) {
        throw new MalformedBodyException("member 'b' is not base64: " + bits, notBase64);
      }
    }
  }
}
